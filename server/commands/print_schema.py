"""The command `print-schema`: the contract with clients, as schema/schema.graphql keeps it."""

import typer

from schema.root import build


def print_schema() -> None:
    """Print the GraphQL schema (SDL); `make check` compares it with schema/schema.graphql."""
    typer.echo(build().as_str())
