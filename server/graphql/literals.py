"""Rejects literals that the grammar allows but PostgreSQL cannot store.

Variables cannot hold them: the JSON decoder rejects such numbers, and parameters.py rejects U+0000.
"""

import math
import re
from typing import Any

from graphql import DocumentNode, FloatValueNode, IntValueNode, StringValueNode, Visitor, visit

from server.graphql.request_errors import refused

# A document without any of these needs no visit.
_SUSPICIOUS = re.compile(r"\\u|\0|[0-9]{18}|[0-9][eE]")
_LARGEST = 2**63 - 1
_DIGITS = len(str(_LARGEST))


def check(text: str, document: DocumentNode) -> None:
    """Reject a document with U+0000 in a string or a number beyond 64 bits (BAD_USER_INPUT)."""
    if _SUSPICIOUS.search(text):
        visit(document, _LiteralVisitor())


class _LiteralVisitor(Visitor):
    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if "\0" in node.value:
            raise refused("A string in the document contains the character U+0000, which is not supported.")

    def enter_int_value(self, node: IntValueNode, *_: Any) -> None:
        if len(node.value.lstrip("-")) > _DIGITS or abs(int(node.value)) > _LARGEST:
            raise refused("A number in the document is beyond 64 bits.")

    def enter_float_value(self, node: FloatValueNode, *_: Any) -> None:
        if not math.isfinite(float(node.value)):
            raise refused("A number in the document is beyond 64 bits.")
