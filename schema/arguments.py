"""Arguments that many root fields have, each with the description that clients read."""

from typing import Annotated, TypeVar

import strawberry

Given = TypeVar("Given")

Input = Annotated[Given, strawberry.argument(description="Everything that the mutation takes.")]
PageSize = Annotated[int, strawberry.argument(description="How many tickets at most of a stage, from 1 to 500.")]
