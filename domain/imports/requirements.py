"""Preparing an import: the pipeline, stages, placeholders and properties that its tickets need (B34).

What is there already is used as it is; what is missing is made by the same verbs that people call, so that their rules
and limits hold.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from domain import accounts, properties
from domain.authorization import require
from domain.errors import Invalid, NotFound
from domain.labels import clean_label
from domain.pipelines import (
    DEFAULT_STAGES,
    Pipeline,
    StageDraft,
    StageState,
    add_stage,
    create_pipeline,
    find_pipeline,
    list_pipelines,
    lock_pipeline,
)
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission


class ImportedStage(NamedTuple):
    """A stage as imported tickets reach it."""

    id: UUID
    closed: bool


class ImportRequirements(NamedTuple):
    """What an import needs. `pipeline` is an internal name or a label, None the default one; `stages` says for each
    name of the source which stage is meant, in the order in which missing ones are made.
    """

    source: str
    pipeline: str | None
    create_pipeline: bool
    stages: Mapping[str, StageDraft]
    people: Collection[str] = ()
    teams: Collection[str] = ()
    properties: Sequence[str] = ()


class Created(NamedTuple):
    """What was missing: labels of what was made, and how many placeholders."""

    pipeline: str | None
    stages: list[str]
    people: int
    teams: int
    properties: list[str]


class ImportContext(NamedTuple):
    """Where the names of a source lead in the account; `properties` are internal names in the order they were
    asked for.
    """

    source: str
    pipeline_id: UUID
    key_prefix: str
    stages: Mapping[str, ImportedStage]
    people: Mapping[str, UUID] = {}
    teams: Mapping[str, UUID] = {}
    properties: tuple[str, ...] = ()


async def prepare_import(
    work: UnitOfWork, wanted: ImportRequirements, limits: accounts.PipelineLimits
) -> tuple[ImportContext, Created]:
    """Find or make all that an import needs, in one unit before its tickets come in batches.

    Declines NOT_PERMITTED, NOT_FOUND for a pipeline that is not to be made, names that fit several, and what creating a
    pipeline and adding stages decline (S4, S6, S21).
    """
    require(work.actor, Permission.DATA_TRANSFER)
    source = clean_label(wanted.source, field=("source",))
    await accounts.lock_account(work)
    pipeline = await _find(work, wanted.pipeline)
    created = pipeline is None
    before = set() if pipeline is None else {stage.id for stage in pipeline.stages}
    if pipeline is None:
        pipeline = await _create(work, wanted, limits)
    goals = {name: await _goal(work, pipeline.id, draft) for name, draft in wanted.stages.items()}
    pipeline = await find_pipeline(work, Ref(id=pipeline.id))
    people, new_people = await accounts.ensure_placeholders(work, accounts.User, source, wanted.people)
    teams, new_teams = await accounts.ensure_placeholders(work, accounts.Team, source, wanted.teams)
    known = {defined.id for defined in await properties.list_properties(work)}
    defined = await properties.define_properties(work, wanted.properties)
    made = Created(
        pipeline.label if created else None,
        [stage.label for stage in pipeline.stages if stage.id not in before],
        new_people,
        new_teams,
        [each.label for each in defined.values() if each.id not in known],
    )
    names = tuple(defined[label].internal_name for label in wanted.properties)
    return ImportContext(source, pipeline.id, pipeline.key_prefix, goals, people, teams, names), made


async def _find(work: UnitOfWork, name: str | None) -> Pipeline | None:
    """The pipeline of that internal name or else of that label; without a name the default one."""
    if name is None:
        return await find_pipeline(work, None)
    visible = await list_pipelines(work)
    found = [each for each in visible if each.internal_name == name] or [each for each in visible if each.label == name]
    if len(found) > 1:
        raise Invalid(f"Several pipelines are called {name!r}: use an internal name.", field=("pipeline",))
    return found[0] if found else None


async def _create(work: UnitOfWork, wanted: ImportRequirements, limits: accounts.PipelineLimits) -> Pipeline:
    if wanted.pipeline is None or not wanted.create_pipeline:
        raise NotFound(f"pipeline as {wanted.pipeline!r}", field=("pipeline",))
    drafts = list(dict.fromkeys(wanted.stages.values()))
    states = {draft.state for draft in drafts}
    if StageState.OPEN not in states:
        drafts.insert(0, DEFAULT_STAGES[0])
    if StageState.CLOSED not in states:
        drafts.append(DEFAULT_STAGES[-1])
    made = await create_pipeline(work, label=wanted.pipeline, stages=drafts, limits=limits)
    await work.session.flush()
    return await find_pipeline(work, Ref(id=made))


async def _goal(work: UnitOfWork, pipeline_id: UUID, draft: StageDraft) -> ImportedStage:
    """The stage of that internal name, or else of that label, added at the end where there is none."""
    pipeline = await lock_pipeline(work, Ref(id=pipeline_id))
    for stage in pipeline.stages:
        if stage.internal_name == draft.label:
            return ImportedStage(stage.id, stage.state == StageState.CLOSED.value)
    for stage in pipeline.stages:
        if stage.label.casefold() == draft.label.casefold():
            return ImportedStage(stage.id, stage.state == StageState.CLOSED.value)
    return ImportedStage(
        await add_stage(work, pipeline, label=draft.label, state=draft.state), draft.state is StageState.CLOSED
    )
