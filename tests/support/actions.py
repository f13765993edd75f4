"""What people do in tests, each deed in a unit of its own: find, then do, as the resolvers do.

Pipelines and stages are named as integrations name them; without `to`, a deed is about the default pipeline.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain import access, pipelines, tickets
from domain.access import AccessMode, Grantee
from domain.accounts import User
from domain.pipelines import Pipeline, StageDraft, StageState
from domain.reference import BOTTOM, TOP, Place, Ref
from domain.tickets import Priority, TicketDraft
from policies import Role, Tier
from tests.support.world import LIMITS, World

Who = Role | User


def named(name: str) -> Ref:
    """A reference by internal name."""
    return Ref(internal_name=name)


async def open_ticket(
    world: World,
    subject: str = "A question",
    *,
    who: Who = Role.AGENT,
    to: Ref | None = None,
    stage: str | None = None,
    place: Place = TOP,
    content: str = "",
    priority: Priority | None = None,
    owner: UUID | None = None,
    team: UUID | None = None,
    properties: dict[str, str | None] | None = None,
) -> UUID:
    """Open a ticket."""
    draft = TicketDraft(subject, content, priority, owner, team, properties or {})
    async with world.acting(who) as work:
        pipeline = await pipelines.find_pipeline(work, to)
        first = pipelines.find_stage(pipeline, named(stage)) if stage else None
        return await tickets.create_ticket(work, pipeline, draft, stage=first, place=place)


async def open_tickets(world: World, *subjects: str, to: Ref | None = None, stage: str | None = None) -> list[UUID]:
    """Open tickets below each other, in this order."""
    return [await open_ticket(world, subject, to=to, stage=stage, place=BOTTOM) for subject in subjects]


async def move(
    world: World,
    ticket_id: UUID,
    stage: str,
    *,
    who: Who = Role.AGENT,
    to: Ref | None = None,
    place: Place = TOP,
    expected_revision: int | None = None,
) -> None:
    """Move a ticket to a stage of its own pipeline, or of the one that `to` names."""
    async with world.acting(who) as work:
        ticket = await tickets.find_ticket(work, ticket_id)
        source = await pipelines.find_pipeline(work, Ref(id=ticket.pipeline_id))
        target = await pipelines.find_pipeline(work, to) if to else source
        await tickets.move_ticket(
            work,
            ticket,
            source=source,
            target=target,
            stage=pipelines.find_stage(target, named(stage)),
            place=place,
            expected_revision=expected_revision,
        )


async def close(
    world: World, ticket_id: UUID, stage: str | None = None, *, who: Who = Role.AGENT, revision: int | None = None
) -> None:
    """Close a ticket."""
    async with world.acting(who) as work:
        ticket = await tickets.find_ticket(work, ticket_id)
        pipeline = await pipelines.find_pipeline(work, Ref(id=ticket.pipeline_id))
        wanted = pipelines.find_stage(pipeline, named(stage)) if stage else None
        await tickets.close_ticket(work, ticket, pipeline=pipeline, stage=wanted, expected_revision=revision)


async def reopen(world: World, ticket_id: UUID, *, who: Who = Role.AGENT, revision: int | None = None) -> None:
    """Reopen a ticket."""
    async with world.acting(who) as work:
        ticket = await tickets.find_ticket(work, ticket_id)
        pipeline = await pipelines.find_pipeline(work, Ref(id=ticket.pipeline_id))
        await tickets.reopen_ticket(work, ticket, pipeline=pipeline, expected_revision=revision)


async def update(
    world: World, ticket_id: UUID, *, who: Who = Role.AGENT, revision: int | None = None, **changes: Any
) -> None:
    """Change what a ticket says."""
    async with world.acting(who) as work:
        ticket = await tickets.find_ticket(work, ticket_id)
        pipeline = await pipelines.find_pipeline(work, Ref(id=ticket.pipeline_id))
        await tickets.update_ticket(work, ticket, pipeline=pipeline, changes=changes, expected_revision=revision)


async def assign(
    world: World, ticket_id: UUID, *, who: Who = Role.AGENT, revision: int | None = None, **changes: UUID | None
) -> None:
    """Give a ticket to somebody: `owner_id`, `team_id` or both."""
    async with world.acting(who) as work:
        ticket = await tickets.find_ticket(work, ticket_id)
        pipeline = await pipelines.find_pipeline(work, Ref(id=ticket.pipeline_id))
        await tickets.assign_ticket(work, ticket, pipeline=pipeline, changes=changes, expected_revision=revision)


async def delete_ticket(world: World, ticket_id: UUID, *, who: Who = Role.AGENT, revision: int | None = None) -> None:
    """Delete a ticket."""
    async with world.acting(who) as work:
        ticket = await tickets.find_ticket(work, ticket_id)
        pipeline = await pipelines.find_pipeline(work, Ref(id=ticket.pipeline_id))
        await tickets.delete_ticket(work, ticket, pipeline=pipeline, expected_revision=revision)


async def create_pipeline(
    world: World,
    label: str,
    stages: list[StageDraft] | None = None,
    *,
    who: Who = Role.SETTINGS_EDITOR,
    limits: Mapping[Tier, int] = MappingProxyType(LIMITS),
) -> UUID:
    """Create a pipeline."""
    async with world.acting(who) as work:
        return await pipelines.create_pipeline(work, label=label, stages=stages, limits=limits)


async def rename_pipeline(world: World, label: str, *, who: Who = Role.SETTINGS_EDITOR, to: Ref | None = None) -> None:
    """Give a pipeline another label."""
    async with world.acting(who) as work:
        await pipelines.rename_pipeline(work, await pipelines.lock_pipeline(work, to), label)


async def delete_pipeline(
    world: World, to: Ref | None = None, *, new_default: Ref | None = None, who: Who = Role.SETTINGS_EDITOR
) -> None:
    """Delete a pipeline."""
    async with world.acting(who) as work:
        gone = await pipelines.find_pipeline(work, to)
        heir = await pipelines.find_pipeline(work, new_default) if new_default else None
        await tickets.delete_pipeline(work, gone, new_default=heir)


async def set_card(world: World, names: list[str], *, who: Who = Role.SETTINGS_EDITOR, to: Ref | None = None) -> None:
    """Choose what cards show."""
    async with world.acting(who) as work:
        await pipelines.set_pipeline_card(work, await pipelines.lock_pipeline(work, to), names)


async def reorder_pipelines(
    world: World, order: list[Ref], expected: list[Ref] | None = None, *, who: Who = Role.SETTINGS_EDITOR
) -> None:
    """Put the pipelines in another order."""
    async with world.acting(who) as work:
        await pipelines.reorder_pipelines(work, order, expected_order=expected)


async def add_stage(
    world: World,
    label: str,
    state: StageState = StageState.OPEN,
    *,
    place: Place = BOTTOM,
    who: Who = Role.SETTINGS_EDITOR,
    to: Ref | None = None,
) -> UUID:
    """Add a stage."""
    async with world.acting(who) as work:
        found = await pipelines.lock_pipeline(work, to)
        return await pipelines.add_stage(work, found, label=label, state=state, place=place)


async def restore_stages(world: World, *, who: Who = Role.SETTINGS_EDITOR, to: Ref | None = None) -> None:
    """Bring the deleted default stages back."""
    async with world.acting(who) as work:
        await pipelines.restore_default_stages(work, await pipelines.lock_pipeline(work, to))


async def rename_stage(
    world: World, stage: str, label: str, *, who: Who = Role.SETTINGS_EDITOR, to: Ref | None = None
) -> None:
    """Give a stage another label."""
    async with world.acting(who) as work:
        found = await pipelines.lock_pipeline(work, to)
        await pipelines.rename_stage(work, found, pipelines.find_stage(found, named(stage)), label)


async def flip(
    world: World, stage: str, state: StageState, *, who: Who = Role.SETTINGS_EDITOR, to: Ref | None = None
) -> None:
    """Make a stage OPEN or CLOSED."""
    async with world.acting(who) as work:
        found = await pipelines.lock_pipeline(work, to)
        await tickets.set_stage_state(work, found, pipelines.find_stage(found, named(stage)), state)


async def reorder_stages(world: World, *order: str, who: Who = Role.SETTINGS_EDITOR, to: Ref | None = None) -> None:
    """Put the stages of a pipeline in another order."""
    async with world.acting(who) as work:
        found = await pipelines.lock_pipeline(work, to)
        await pipelines.reorder_stages(work, found, [named(name) for name in order])


async def delete_stage(
    world: World, stage: str, *, tickets_to: str | None = None, who: Who = Role.SUPER_ADMIN, to: Ref | None = None
) -> None:
    """Delete a stage, its tickets going to another one where that is named."""
    async with world.acting(who) as work:
        found = await pipelines.lock_pipeline(work, to)
        heir = pipelines.find_stage(found, named(tickets_to)) if tickets_to else None
        await tickets.delete_stage(work, found, pipelines.find_stage(found, named(stage)), tickets_to=heir)


async def set_access(
    world: World,
    pipeline: Pipeline,
    mode: AccessMode,
    *grants: Grantee,
    who: Who = Role.SUPER_ADMIN,
    expected_revision: int | None = None,
) -> None:
    """Decide who may view and edit a pipeline."""
    async with world.acting(who) as work:
        await access.set_pipeline_access(work, pipeline.id, mode, list(grants), expected_revision=expected_revision)


async def grant(
    world: World, pipeline: Pipeline, given: Grantee, *, who: Who = Role.SUPER_ADMIN, revision: int | None = None
) -> None:
    """Give one user or team a level on a pipeline."""
    async with world.acting(who) as work:
        await access.grant_pipeline_access(work, pipeline.id, given, expected_revision=revision)


async def revoke(
    world: World,
    pipeline: Pipeline,
    *,
    user: UUID | None = None,
    team: UUID | None = None,
    who: Who = Role.SUPER_ADMIN,
    revision: int | None = None,
) -> None:
    """Take a grant away again."""
    async with world.acting(who) as work:
        await access.revoke_pipeline_access(work, pipeline.id, user_id=user, team_id=team, expected_revision=revision)
