"""What access costs with very many grants, alone: `python -m bench.access` (Linux). `make bench` runs it as well."""

from pathlib import Path
from typing import Annotated

import typer

from bench.access.data import Size
from bench.access.run import LARGE, RESULTS, measure_access


def main(
    pipelines: Annotated[int, typer.Option(help="Pipelines of the large account.", min=2)] = LARGE.pipelines,
    grants: Annotated[int, typer.Option(help="Grants of the large account.", min=2)] = LARGE.grants,
    users: Annotated[int, typer.Option(help="Users of the large account.", min=100)] = LARGE.users,
    teams: Annotated[int, typer.Option(help="Teams of the large account.", min=5)] = LARGE.teams,
    rounds: Annotated[int, typer.Option(help="Turns that each request gets.", min=2)] = 10,
    batch: Annotated[int, typer.Option(help="Requests of a turn.", min=1)] = 20,
    results: Annotated[Path, typer.Option(help="Where to write what came out.")] = RESULTS,
) -> None:
    """Measure, and write down what came out."""
    measure_access(Size(pipelines, grants, users, teams), rounds=rounds, batch=batch, results=results)


if __name__ == "__main__":
    typer.run(main)
