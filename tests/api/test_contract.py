"""The contract: what `schema/schema.graphql` says is what is served, and every word of it is explained."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
    is_specified_scalar_type,
)

import domain
from domain.errors import Refusal
from schema.errors import UserErrorCode
from schema.root import build
from tests.support.client import Api
from tests.support.contract import root_fields, schema
from tests.support.operations import mutations
from tests.support.world import World

COMMITTED = Path(__file__).parents[2] / "schema" / "schema.graphql"

TYPES = [
    kind for name, kind in schema().type_map.items() if not name.startswith("__") and not is_specified_scalar_type(kind)
]
MUTATIONS = {
    name: field
    for name, field in root_fields().items()
    if name in {*mutations(), "signIn", "signOut", "beginOidcSignIn", "completeOidcSignIn"}
}


def test_the_committed_contract_is_what_is_served() -> None:
    served = build().as_str().strip()

    assert COMMITTED.read_text(encoding="utf-8").strip() == served, (
        "The schema has changed: write it down with `make schema` (or `python -m server print-schema`) and review it."
    )


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
def test_everything_is_described_in_sentences(kind: GraphQLNamedType) -> None:
    described = {kind.name: kind.description}
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for name, member in kind.fields.items():
            described[f"{kind.name}.{name}"] = member.description
            if isinstance(member, GraphQLField):
                described |= {f"{kind.name}.{name}({each}:)": given.description for each, given in member.args.items()}

    for name, text in described.items():
        assert text, f"{name} has no description"
        assert text.endswith("."), f"{name} is not described in a sentence: {text}"
        assert text[0].isupper() or text[0] in '`"', f"{name} is not described in a sentence: {text}"


def test_every_code_of_a_refusal_is_described() -> None:
    codes = schema().type_map["UserErrorCode"]

    assert isinstance(codes, GraphQLEnumType)
    assert [name for name, value in codes.values.items() if not (value.description or "").endswith(".")] == []


@pytest.mark.parametrize("field", MUTATIONS.values(), ids=MUTATIONS)
def test_a_mutation_takes_one_input_and_its_payload_has_user_errors(field: GraphQLField) -> None:
    payload = get_named_type(field.type)

    assert isinstance(payload, GraphQLObjectType)
    assert payload.name.endswith("Payload")
    assert str(field.type) == f"{payload.name}!"
    assert str(payload.fields["userErrors"].type) == "[UserError!]!"
    if payload.name != "SignOutPayload":
        assert list(field.args) == ["input"]
        assert is_required_argument(field.args["input"])


@pytest.mark.parametrize("name", mutations())
def test_a_mutation_takes_an_idempotency_key(name: str) -> None:
    given = get_named_type(MUTATIONS[name].args["input"].type)

    assert isinstance(given, GraphQLInputObjectType)
    assert given.name == f"{name[0].upper()}{name[1:]}Input"
    assert str(given.fields["idempotencyKey"].type) == "String"


def test_every_refusal_of_the_domain_has_a_code_and_every_code_a_refusal() -> None:
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)

    assert set(Refusal.known) == {code.name for code in UserErrorCode}


def test_every_payload_can_be_null_but_its_errors() -> None:
    for field in MUTATIONS.values():
        payload = get_named_type(field.type)
        assert isinstance(payload, GraphQLObjectType)
        required = [name for name, member in payload.fields.items() if str(member.type).endswith("!")]

        assert required == ["userErrors"]


def test_everything_with_a_global_id_is_a_node() -> None:
    with_ids = [kind for kind in TYPES if isinstance(kind, GraphQLObjectType) and "id" in kind.fields]

    assert {kind.name for kind in with_ids} == {
        "Account",
        "Pipeline",
        "Stage",
        "Ticket",
        "User",
        "Team",
        "App",
        "CustomRole",
        "AppSecret",
        "AuditEvent",
        "Session",
    }
    for kind in with_ids:
        assert "Node" in {interface.name for interface in kind.interfaces}
        assert str(kind.fields["id"].type) == "ID!"


async def test_clients_that_ask_the_schema_hear_which_inputs_are_one_of(api: Api, world: World) -> None:
    client = await api.client(world)

    data = await client.run(
        '{ ref: __type(name: "PipelineRef") { isOneOf } input: __type(name: "StageInput") { isOneOf } }'
    )

    assert data == {"ref": {"isOneOf": True}, "input": {"isOneOf": False}}
