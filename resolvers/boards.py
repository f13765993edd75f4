"""Boards: the stages of a pipeline with their first cards, and further cards of one stage."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from domain import boards, pipelines
from domain.page import Page, RankCursor, check_size
from domain.reference import Ref
from resolvers.context import Context
from resolvers.related import Includes, Related, load_related

OpenCursor = Callable[[pipelines.AnyStage], RankCursor | None]


@dataclass(frozen=True)
class BoardView:
    """A pipeline's stages in order, each with its total and first cards."""

    pipeline: pipelines.AnyPipeline
    columns: list[boards.Column]
    related: Related


@dataclass(frozen=True)
class StageCardsView:
    """One page of a stage's cards."""

    stage: pipelines.AnyStage
    page: Page[boards.AnyCard]
    related: Related


async def read_board(context: Context, ref: Ref | None, first: int, includes: Includes) -> BoardView:
    """The board of a pipeline, by default of the account's default one."""
    async with context.reading() as work:
        check_size(first)
        found = await pipelines.read_pipeline(work, ref)
        read = boards.read_rendered_board if includes.rendered else boards.read_board
        columns = await read(work, found, first, wide=includes.wide)
        cards = boards.people_in(column.cards.items for column in columns)
        return BoardView(found, columns, await load_related(work, includes, found=[found], subjects=cards))


async def read_stage(
    context: Context, stage_id: UUID, first: int, after: OpenCursor, includes: Includes
) -> StageCardsView:
    """Further cards of a stage; `after` opens the cursor, once it is known that there is such a stage to see."""
    async with context.reading() as work:
        check_size(first)
        pipeline = await pipelines.read_pipeline_of_stage(work, stage_id)
        stage = pipelines.find_stage(pipeline, Ref(id=stage_id))
        read: Callable[..., Awaitable[Page[boards.AnyCard]]]
        read = boards.read_rendered_stage if includes.rendered else boards.read_stage
        page = await read(work, stage, first, after(stage), wide=includes.wide)
        cards = boards.people_in([page.items])
        return StageCardsView(stage, page, await load_related(work, includes, found=[pipeline], subjects=cards))
