"""reopenTicket: to the last OPEN stage that it left, or else to the first OPEN one (S19)."""

from domain.pipelines import StageState
from domain.reference import Ref
from policies import Permission, Role
from schema.ids import Kind, global_id
from tests.support import actions, db_state
from tests.support.client import Api
from tests.support.ids import unknown
from tests.support.operations import Mutation
from tests.support.selections import TICKET
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"ticketId": has.closed},
    budget=7,
    selects=f"ticket {{ {TICKET} }}",
    least_role=Role.AGENT,
    edits=lambda has: has.closed,
    app_permissions={Permission.TICKET_WRITE},
)


SHOWN = "ticket { closedAt stage { internalName } }"
SENT_BACK = {"closedAt": None, "stage": {"internalName": "waiting_on_us"}}


async def test_it_goes_back_to_the_last_open_stage_that_it_left(api: Api, world: World) -> None:
    made = await actions.open_ticket(world)
    for stage in ("waiting_on_contact", "waiting_on_us", "closed"):
        await actions.move(world, made, stage)
    client = await api.client(world, Role.AGENT)

    async with db_state.recorded(world) as happened:
        done = await client.do("reopenTicket", SHOWN, ticketId=global_id(Kind.TICKET, made))

    assert done == {"ticket": SENT_BACK, "userErrors": []}
    assert db_state.kinds(happened) == ["TICKET_MOVED", "TICKET_REOPENED"]
    await db_state.assert_sound(world)


async def test_a_stage_that_is_gone_or_closed_by_now_is_passed_over(api: Api, world: World) -> None:
    made = await actions.open_ticket(world, stage="waiting_on_us")
    for stage in ("waiting_on_contact", "new", "closed"):
        await actions.move(world, made, stage)
    await actions.delete_stage(world, "new")
    await actions.flip(world, "waiting_on_contact", StageState.CLOSED)

    done = await (await api.client(world)).do("reopenTicket", SHOWN, ticketId=global_id(Kind.TICKET, made))

    assert done["ticket"] == SENT_BACK


async def test_one_that_was_born_closed_goes_to_the_first_open_stage(api: Api, world: World) -> None:
    to = Ref(id=await actions.create_pipeline(world, "Another"))
    made = await actions.open_ticket(world, to=to, stage="closed")
    await actions.reorder_stages(world, "closed", "waiting_on_us", "new", "waiting_on_contact", to=to)

    done = await (await api.client(world)).do("reopenTicket", SHOWN, ticketId=global_id(Kind.TICKET, made))

    assert done["ticket"] == SENT_BACK


async def test_an_open_ticket_is_not_reopened(api: Api, world: World) -> None:
    made = await actions.open_ticket(world)

    declined = await (await api.client(world)).refused("reopenTicket", ticketId=global_id(Kind.TICKET, made))

    assert (declined["__typename"], declined["code"]) == ("PlainError", "INVALID")
    assert declined["field"] == ["input", "ticketId"]


async def test_a_ticket_that_there_is_not_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("reopenTicket", ticketId=unknown(Kind.TICKET))

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "ticketId"])
