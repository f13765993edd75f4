"""The schema as graphql-core has it, and its root fields."""

from functools import cache

from graphql import GraphQLField, GraphQLSchema

from schema.root import build


@cache
def schema() -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return build()._schema


@cache
def query_fields() -> dict[str, GraphQLField]:
    """The root fields of queries."""
    query = schema().query_type
    assert query
    fields: dict[str, GraphQLField] = query.fields
    return fields


@cache
def mutation_fields() -> dict[str, GraphQLField]:
    """The root fields of mutations."""
    mutation = schema().mutation_type
    assert mutation
    fields: dict[str, GraphQLField] = mutation.fields
    return fields


def root_fields() -> dict[str, GraphQLField]:
    """The root fields of queries and mutations."""
    return {**query_fields(), **mutation_fields()}


def snake_case(field: str) -> str:
    """The name that files and functions of an operation have: `move_ticket` for `moveTicket`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in field)
