"""Values that the grammar allows in a document and nothing behind it can hold.

In variables they cannot occur: the decoder of JSON declines such numbers, and parameters.py looks for U+0000.
"""

import math
import re
from typing import Any

from graphql import DocumentNode, FloatValueNode, IntValueNode, StringValueNode, Visitor, visit

from server.graphql.request_errors import refused

# Without one of these in its text, a document is not looked through.
_SIGNS = re.compile(r"\\u|\0|[0-9]{18}|[0-9][eE]")
_LARGEST = 2**63 - 1
_DIGITS = len(str(_LARGEST))


def check(text: str, document: DocumentNode) -> None:
    """Refuse a document with U+0000 in a text or a number beyond 64 bits (BAD_USER_INPUT)."""
    if _SIGNS.search(text):
        visit(document, _Unfit())


class _Unfit(Visitor):
    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if "\0" in node.value:
            raise refused("A text in the document holds the character U+0000, which text cannot have here.")

    def enter_int_value(self, node: IntValueNode, *_: Any) -> None:
        if len(node.value.lstrip("-")) > _DIGITS or abs(int(node.value)) > _LARGEST:
            raise refused("A number in the document is beyond 64 bits.")

    def enter_float_value(self, node: FloatValueNode, *_: Any) -> None:
        if not math.isfinite(float(node.value)):
            raise refused("A number in the document is beyond 64 bits.")
