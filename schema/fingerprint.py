"""The fingerprint of a mutation's input: what a client gave, however it was written (B29).

Literals of the document and raw variables are merged, defaults of the schema are not filled in. So the same input has
the same fingerprint as a literal, as a variable and under another variable's name, and still has it when the schema
gets a new optional field. An omitted field and null differ.
"""

import json
from typing import Any

from graphql import ArgumentNode, Undefined, value_from_ast_untyped

from schema.info import Info

_KEY = "idempotencyKey"


def fingerprint(info: Info) -> str:
    """The argument `input` of this field as JSON with sorted keys, without the idempotency key."""
    variables = dict(info.context.variables)
    for each in info.operation.variable_definitions or ():
        if each.default_value is not None:
            variables.setdefault(each.variable.name.value, value_from_ast_untyped(each.default_value))
    given = _given(_argument(info).value, variables)
    return json.dumps({name: value for name, value in given.items() if name != _KEY}, sort_keys=True)


def _argument(info: Info) -> ArgumentNode:
    [field, *_] = info._raw_info.field_nodes  # noqa: SLF001 (Strawberry has no public name for them)
    return next(argument for argument in field.arguments or () if argument.name.value == "input")


def _given(node: Any, variables: dict[str, Any]) -> Any:
    return _without_omitted(value_from_ast_untyped(node, variables))


def _without_omitted(value: Any) -> Any:
    """The value without fields whose variable the client left out."""
    if isinstance(value, dict):
        return {name: _without_omitted(each) for name, each in value.items() if each is not Undefined}
    if isinstance(value, list):
        return [None if each is Undefined else _without_omitted(each) for each in value]
    return value
