"""Finders of pipelines and stages: what the actor may not see is not found (B16)."""

from collections.abc import Iterable, Sequence
from typing import overload
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager, with_expression

from domain.access import PipelineAccess, level_of
from domain.errors import NotFound, Path
from domain.pipelines.pipeline import Pipeline, Stage
from domain.pipelines.pipeline_rows import AnyPipeline, AnyStage, PipelineRow, StageRow
from domain.properties import labels_of
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork


def select_visible(work: UnitOfWork) -> Select[Pipeline]:
    """The pipelines that the actor sees, each with the actor's level on it."""
    level = level_of(work.actor)
    return (
        select(Pipeline)
        .join(
            PipelineAccess,
            and_(PipelineAccess.account_id == Pipeline.account_id, PipelineAccess.pipeline_id == Pipeline.id),
        )
        .where(Pipeline.account_id == work.account_id, level.is_not(None))
        .options(
            with_expression(Pipeline.level, level),
            with_expression(Pipeline.card_labels, labels_of(Pipeline.account_id, Pipeline.card)),
        )
        .execution_options(populate_existing=True)
    )


def _with_stages(statement: Select[Pipeline]) -> Select[Pipeline]:
    return (
        statement.join(Stage, and_(Stage.account_id == Pipeline.account_id, Stage.pipeline_id == Pipeline.id))
        .options(contains_eager(Pipeline.stages))
        .order_by(Pipeline.position, Pipeline.id, Stage.position, Stage.id)
    )


async def list_pipelines(work: UnitOfWork) -> list[Pipeline]:
    """Every visible pipeline with its stages, all in their order; one statement."""
    return list((await work.session.execute(_with_stages(select_visible(work)))).unique().scalars())


async def find_pipelines(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Pipeline]:
    """Visible pipelines by id, with their stages; one statement."""
    statement = _with_stages(select_visible(work).where(Pipeline.id.in_(set(ids))))
    return {found.id: found for found in (await work.session.execute(statement)).unique().scalars()}


async def find_pipeline(work: UnitOfWork, ref: Ref | None, *, field: Path = ("pipeline",)) -> Pipeline:
    """One visible pipeline with its stages, or NotFound; without a reference the account's default one (S3)."""
    statement = _with_stages(select_visible(work).where(_named(ref)))
    found = (await work.session.execute(statement)).unique().scalar_one_or_none()
    if found is None:
        raise NotFound("pipeline", field=field)
    return found


async def lock_pipeline(work: UnitOfWork, ref: Ref | None, *, field: Path = ("pipeline",)) -> Pipeline:
    """Like `find_pipeline`, and lock the pipeline against changes of its stages until the unit ends.

    Hidden pipelines are filtered before rows are locked, so nobody waits for what they may not see.
    """
    statement = select_visible(work).where(_named(ref)).with_for_update(key_share=True, of=Pipeline)
    locked = (await work.session.execute(statement)).scalar_one_or_none()
    if locked is None:
        # While we waited for the default pipeline, another one may have become it: ask again.
        locked = (await work.session.execute(statement)).scalar_one_or_none()
    if locked is None:
        raise NotFound("pipeline", field=field)
    return await find_pipeline(work, Ref(id=locked.id), field=field)


@overload
def find_stage(pipeline: Pipeline, ref: Ref, *, field: Path = ...) -> Stage:
    """Of a pipeline to change."""


@overload
def find_stage(pipeline: PipelineRow, ref: Ref, *, field: Path = ...) -> StageRow:
    """Of a pipeline to read."""


def find_stage(pipeline: AnyPipeline, ref: Ref, *, field: Path = ("stage",)) -> AnyStage:
    """One stage of a pipeline that was found with its stages, or NotFound."""
    for stage in pipeline.stages:
        if stage.id == ref.id or (ref.internal_name is not None and stage.internal_name == ref.internal_name):
            return stage
    raise NotFound("stage", field=field)


async def find_pipeline_of_stage(work: UnitOfWork, stage_id: UUID, *, field: Path = ("stage",)) -> Pipeline:
    """The visible pipeline, with its stages, that a stage belongs to, or NotFound."""
    owner = select(Stage.pipeline_id).where(Stage.account_id == work.account_id, Stage.id == stage_id)
    statement = _with_stages(select_visible(work).where(Pipeline.id == owner.scalar_subquery()))
    pipeline = (await work.session.execute(statement)).unique().scalar_one_or_none()
    if pipeline is None:
        raise NotFound("stage", field=field)
    return pipeline


async def find_pipelines_of_stages(work: UnitOfWork, stage_ids: Sequence[UUID]) -> dict[UUID, Pipeline]:
    """The visible pipelines, with their stages, that any of these stages belongs to."""
    owners = select(Stage.pipeline_id).where(Stage.account_id == work.account_id, Stage.id.in_(stage_ids))
    statement = _with_stages(select_visible(work).where(Pipeline.id.in_(owners)))
    return {found.id: found for found in (await work.session.execute(statement)).unique().scalars()}


def _named(ref: Ref | None) -> ColumnElement[bool]:
    if ref is None:
        return Pipeline.is_default.is_(True)
    return Pipeline.id == ref.id if ref.id is not None else Pipeline.internal_name == ref.internal_name


async def count_pipelines(work: UnitOfWork) -> int:
    """How many pipelines the account has, hidden ones too: only for actors who may create pipelines (settled choice
    19).
    """
    counted = select(func.count()).select_from(Pipeline).where(Pipeline.account_id == work.account_id)
    return (await work.session.execute(counted)).scalar_one()
