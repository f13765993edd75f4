"""Accepting an invitation: the token lets in once, and a password that somebody has already is never replaced."""

import pytest

from domain import accounts, people
from domain.accounts import Identity, UserState
from domain.errors import Conflict, Invalid, NotFound
from domain.unit_of_work import reading
from policies import Role
from server.database.engine import Database
from tests.support import concurrency, db_state, member_actions
from tests.support.member_actions import accept, expire, find, invite
from tests.support.world import World, make_world


async def identity(world: World, email: str) -> Identity:
    async with world.sessions() as session:
        found = await accounts.find_identity(session, email)
    assert found
    return found


async def test_whoever_accepts_is_an_active_user_with_the_password_that_they_chose(world: World) -> None:
    invited = await invite(world)

    async with db_state.recorded(world) as happened:
        user = await accept(world, invited.token, fresh="chosen", name=" Kimberly ")

    member = await find(world, invited.user_id)
    assert (member.user.id, member.user.name, member.user.state) == (user.id, "Kimberly", UserState.ACTIVE)
    assert member.invitation is None
    assert (await identity(world, f"kim@{world.slug}.test")).password_hash == "chosen"
    [event] = happened
    assert (event.kind, event.actor_id, event.object_id) == ("USER_JOINED", user.id, user.id)
    assert (event.before, event.after) == (
        {"state": "INVITED"},
        {"state": "ACTIVE", "name": "Kimberly", "roles": ["AGENT"]},
    )
    async with world.acting(user) as work:
        assert Role.AGENT in work.actor.roles


async def test_a_token_is_used_once(world: World) -> None:
    invited = await invite(world)
    await accept(world, invited.token)

    with pytest.raises(NotFound) as refused:
        await accept(world, invited.token)

    assert refused.value.field == ("token",)


async def test_a_token_is_used_once_also_by_two_at_the_same_moment(world: World) -> None:
    invited = await invite(world)

    done = await concurrency.together(*[accept(world, invited.token, fresh=f"hash {number}") for number in range(4)])

    assert sum(not isinstance(each, BaseException) for each in done) == 1
    assert all(isinstance(each, NotFound) for each in done if isinstance(each, BaseException))


async def test_a_token_ends_with_its_time(world: World) -> None:
    invited = await invite(world)
    await expire(world, invited.user_id)

    with pytest.raises(NotFound):
        await accept(world, invited.token)

    assert (await find(world, invited.user_id)).user.state is UserState.INVITED


async def test_a_token_of_another_kind_or_account_lets_nobody_in(world: World, database: Database) -> None:
    other = await make_world(database.sessions)
    invited = await invite(world)
    session = await member_actions.sign_in(world, world.users[Role.AGENT])

    for token in (session, invited.token.replace(world.account_id.hex, other.account_id.hex)):
        with pytest.raises(NotFound):
            await accept(world, token)


async def test_a_password_that_somebody_has_stays_theirs(world: World, database: Database) -> None:
    """Whoever invites a stranger and accepts for them gains nothing that opens another account (decision 19)."""
    other, email = await make_world(database.sessions), f"kim@{world.slug}.test"
    await accept(world, (await invite(world, email)).token, fresh="the first")
    second = await invite(other, email)

    with pytest.raises(Conflict):
        await accept(other, second.token, verified=None, fresh="another")
    joined = await accept(other, second.token, verified="the first", fresh=None)

    assert joined.state is UserState.ACTIVE
    assert (await identity(world, email)).password_hash == "the first"


async def test_a_password_that_was_changed_meanwhile_is_a_conflict(world: World) -> None:
    invited = await invite(world)
    await db_state.execute(world, "UPDATE identity SET password_hash = 'new' WHERE email LIKE 'kim@%'")

    with pytest.raises(Conflict):
        await accept(world, invited.token, verified="old", fresh=None)

    assert (await find(world, invited.user_id)).user.state is UserState.INVITED


async def test_two_accounts_accepted_at_once_agree_on_one_password(world: World, database: Database) -> None:
    other, email = await make_world(database.sessions), f"kim@{world.slug}.test"
    here, there = await invite(world, email), await invite(other, email)

    done = await concurrency.together(
        accept(world, here.token, fresh="here"), accept(other, there.token, fresh="there")
    )

    assert sorted(type(each).__name__ for each in done) == ["Conflict", "User"]
    assert (await identity(world, email)).password_hash in {"here", "there"}


async def test_a_name_that_cannot_be_one_lets_nobody_in(world: World) -> None:
    invited = await invite(world)

    with pytest.raises(Invalid) as refused:
        await accept(world, invited.token, name=" ")

    assert refused.value.field == ("name",)
    assert (await find(world, invited.user_id)).user.state is UserState.INVITED


async def test_an_invitation_says_what_whoever_holds_it_needs(world: World) -> None:
    invited = await invite(world)
    bearer = accounts.read_token(invited.token)

    admit = people.invitee(bearer.account_id, bearer.secret_hash)
    async with reading(world.sessions, bearer.account_id, admit) as work:
        said, person = await people.read_invitation(work, bearer.secret_hash)

    assert said == (world.slug.title(), f"kim@{world.slug}.test", "Kim", invited.expires_at)
    assert person.email == said.email
