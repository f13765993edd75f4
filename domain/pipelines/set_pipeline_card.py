"""Setting the properties that the cards of a pipeline show (S15)."""

from domain import properties
from domain.authorization import require
from domain.errors import Invalid, expect_revision
from domain.events.event import EventKind
from domain.pipelines.pipeline import Pipeline
from domain.pipelines.pipeline_events import change_pipeline
from domain.unit_of_work import UnitOfWork
from policies import Permission

MOST_ON_A_CARD = 20


async def set_pipeline_card(
    work: UnitOfWork, pipeline: Pipeline, names: list[str], *, expected_revision: int | None = None
) -> None:
    """Set, in order, the properties that the pipeline's cards show (S15).

    Declines NOT_PERMITTED, CONFLICT, and INVALID for unknown and repeated properties.
    """
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    expect_revision(pipeline.revision, expected_revision)
    if len(names) > MOST_ON_A_CARD:
        raise Invalid(f"A card shows at most {MOST_ON_A_CARD} properties.", field=("properties",))
    await properties.check_names(work, names, field=("properties",))
    if names != pipeline.card:
        before, pipeline.card = pipeline.card, names
        change_pipeline(work, EventKind.PIPELINE_UPDATED, pipeline, {"card": before}, {"card": names})
