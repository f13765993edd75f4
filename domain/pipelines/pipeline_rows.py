"""Pipelines and stages as they are shown: plain values that nothing can be changed by, each from a statement that was
compiled once. What is to be changed is found by finding.py.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from domain.access import PipelineAccess, level_of
from domain.actor import Actor
from domain.database.model import Json
from domain.database.prepared import actor_params, prepared
from domain.errors import NotFound, Path
from domain.pipelines.pipeline import Pipeline, Stage
from domain.properties import labels_of
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork


class StageRow(NamedTuple):
    """A stage of a visible pipeline."""

    account_id: UUID
    id: UUID
    pipeline_id: UUID
    internal_name: str
    label: str
    state: str
    position: int
    rank_epoch: int
    revision: int


class PipelineRow(NamedTuple):
    """A visible pipeline with its stages in order; `level` is the actor's on it."""

    id: UUID
    internal_name: str
    label: str
    is_default: bool
    key_prefix: str
    card: Sequence[str]
    created_at: datetime
    revision: int
    level: str | None
    card_labels: Json | None
    stages: Sequence[StageRow]


AnyStage = Stage | StageRow
AnyPipeline = Pipeline | PipelineRow


class Asked(StrEnum):
    """By what pipelines are asked for."""

    DEFAULT = "DEFAULT"
    ID = "ID"
    NAME = "NAME"
    IDS = "IDS"
    STAGE = "STAGE"
    ALL = "ALL"


_OWN = PipelineRow._fields.index("level")  # how many columns are the pipeline's own


def is_visible(actor: Actor, level: ColumnElement[str | None]) -> ColumnElement[bool]:
    """The condition under which the actor sees a pipeline, on which they have that level."""
    return and_(Pipeline.account_id == actor.account_id, level.is_not(None))


def pipeline_columns(level: ColumnElement[str | None]) -> list[ColumnElement[Any]]:
    """The columns of a `PipelineRow`, for a statement that has Pipeline; `pipeline_from_row` reads them back."""
    own = [getattr(Pipeline, name) for name in PipelineRow._fields[:_OWN]]
    return [*own, level.label("level"), labels_of(Pipeline.account_id, Pipeline.card).label("card_labels"), _stages()]


def _stages() -> ColumnElement[Any]:
    """The stages of a pipeline in order, as one array of rows."""
    row = func.row(*[getattr(Stage, name) for name in StageRow._fields])
    in_order = func.array_agg(aggregate_order_by(row, Stage.position, Stage.id))
    here = and_(Stage.account_id == Pipeline.account_id, Stage.pipeline_id == Pipeline.id)
    return select(in_order).where(here).correlate(Pipeline).scalar_subquery().label("stages")


def pipeline_from_row(values: Sequence[Any]) -> PipelineRow:
    """A pipeline from the values of its columns."""
    *own, stages = values
    return PipelineRow._make([*own, [StageRow._make(each) for each in stages or ()]])


@prepared
def _pipelines(actor: Actor, asked: Asked) -> Select[*tuple[Any, ...]]:
    level = level_of(actor)
    access = and_(PipelineAccess.account_id == Pipeline.account_id, PipelineAccess.pipeline_id == Pipeline.id)
    found = (
        select(*pipeline_columns(level))
        .join_from(Pipeline, PipelineAccess, access)
        .where(is_visible(actor, level))
        .order_by(Pipeline.position, Pipeline.id)
    )
    match asked:
        case Asked.DEFAULT:
            return found.where(Pipeline.is_default)
        case Asked.ID:
            return found.where(Pipeline.id == bindparam("asked"))
        case Asked.NAME:
            return found.where(Pipeline.internal_name == bindparam("asked"))
        case Asked.IDS:
            return found.where(Pipeline.id == any_(bindparam("asked", type_=ARRAY(Uuid()))))
        case Asked.STAGE:
            return found.where(_owner(actor))
        case Asked.ALL:
            return found


def _owner(actor: Actor) -> ColumnElement[bool]:
    named = and_(Stage.account_id == actor.account_id, Stage.id == bindparam("asked"))
    return Pipeline.id == select(Stage.pipeline_id).where(named).correlate(None).scalar_subquery()


async def read_pipeline(work: UnitOfWork, ref: Ref | None, *, field: Path = ("pipeline",)) -> PipelineRow:
    """One visible pipeline, or NotFound; without a reference the account's default one (S3)."""
    if ref is None:
        return await _one(work, Asked.DEFAULT, None, field)
    asked = Asked.ID if ref.id is not None else Asked.NAME
    return await _one(work, asked, ref.id if ref.id is not None else ref.internal_name, field)


async def read_pipeline_of_stage(work: UnitOfWork, stage_id: UUID, *, field: Path = ("stage",)) -> PipelineRow:
    """The visible pipeline that a stage belongs to, or NotFound."""
    return await _one(work, Asked.STAGE, stage_id, field, what="stage")


async def read_pipelines(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, PipelineRow]:
    """Visible pipelines by id; one statement."""
    return {found.id: found for found in await _read(work, Asked.IDS, list(ids))}


async def read_all_pipelines(work: UnitOfWork) -> list[PipelineRow]:
    """Every visible pipeline, in their order; one statement."""
    return await _read(work, Asked.ALL, None)


async def _one(
    work: UnitOfWork, asked: Asked, value: UUID | str | None, field: Path, what: str = "pipeline"
) -> PipelineRow:
    found = await _read(work, asked, value)
    if not found:
        raise NotFound(what, field=field)
    return found[0]


async def _read(work: UnitOfWork, asked: Asked, value: object) -> list[PipelineRow]:
    statement = _pipelines(work.actor, asked)
    rows = await statement.rows(work.session, **actor_params(work.actor), asked=value)
    return [pipeline_from_row(row.values()) for row in rows]
