"""Revoking a grant (S11, B20)."""

from uuid import UUID

import pytest

from domain import access
from domain.database.model import new_id
from domain.pipelines import Pipeline
from policies import Role
from tests.support import actions, concurrency, db_state
from tests.support.grant_actions import grants, revision, view
from tests.support.world import World


async def test_a_grant_is_taken_away_and_the_others_stay(world: World, returns: Pipeline) -> None:
    viewer = view(world.users[Role.VIEWER].id)
    await actions.grant(world, returns, viewer)

    await actions.revoke(world, returns, team=world.teams["blue"].id)

    assert [row.grantee for row in await grants(world, returns)] == [viewer]


@pytest.mark.parametrize("id", [new_id(), None])
async def test_what_was_never_granted_is_revoked_already(world: World, returns: Pipeline, id: UUID | None) -> None:
    async with db_state.recorded(world) as happened:
        await actions.revoke(world, returns, user=id or world.users[Role.VIEWER].id)

    assert happened == []
    assert await revision(world, returns) == 2


async def test_a_revocation_waits_for_a_grant_and_then_takes_it_away(world: World, returns: Pipeline) -> None:
    viewer = world.users[Role.VIEWER].id

    async with world.acting(Role.SUPER_ADMIN) as first:
        await access.grant_pipeline_access(first, returns.id, view(viewer))
        late = concurrency.start(actions.revoke(world, returns, user=viewer))
        await concurrency.until_waiting(world)
    await late

    assert [row.user_id for row in await grants(world, returns)] == [None]
