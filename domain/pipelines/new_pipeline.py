"""Inserting a pipeline with its stages, card and access (S8)."""

from uuid import UUID

from domain import access, apps
from domain.database.model import new_id
from domain.events.event import EventKind
from domain.labels import internal_name
from domain.pipelines.default_stages import StageDraft
from domain.pipelines.pipeline import Pipeline, Stage
from domain.properties import BuiltIn
from domain.unit_of_work import UnitOfWork

DEFAULT_CARD = [BuiltIn.KEY.value, BuiltIn.PRIORITY.value, BuiltIn.CREATED_AT.value]


async def insert_pipeline(work: UnitOfWork, pipeline: Pipeline, drafts: list[StageDraft]) -> UUID:
    """Insert a pipeline with its access and stages, record it, and return its id."""
    pipeline.account_id, pipeline.id, pipeline.card = work.account_id, new_id(), DEFAULT_CARD
    pipeline.created_at = await work.clock()
    work.session.add(pipeline)
    await work.session.flush()
    access.open_to_everyone(work, pipeline.id)
    apps.list_own(work, pipeline.id)
    taken: set[str] = set()
    for place, draft in enumerate(drafts, start=1):
        name = internal_name(draft.label, taken)
        taken.add(name)
        work.session.add(
            Stage(
                account_id=work.account_id,
                id=new_id(),
                pipeline_id=pipeline.id,
                internal_name=name,
                label=draft.label,
                state=draft.state.value,
                position=place,
            )
        )
    after = {"label": pipeline.label, "stages": [draft.label for draft in drafts]}
    pipelines = (None, pipeline.id)
    work.record(EventKind.PIPELINE_CREATED, "pipeline", pipeline.id, after=after, pipelines=pipelines)
    return pipeline.id
