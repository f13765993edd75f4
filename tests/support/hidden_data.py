"""A world in which much is hidden: two furnished pipelines that only super admins see, and a ticket in plain sight of
some that others' scopes leave out. Somebody holds the locks of all that is hidden, if asked to.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text

from domain.access import AccessMode, Grantee
from domain.pipelines import Pipeline
from domain.reference import Ref
from policies import Level, Role
from schema.errors import BadInput
from schema.ids import Kind, read_id
from tests.support import actions, db_state
from tests.support.actors import EVERYBODY, HOLDER, NONE, OWN, gather
from tests.support.client import Api, Client, Json
from tests.support.fixtures import Lead, Scenery, cursor_of, furnish
from tests.support.ids import gid, unknown
from tests.support.schema_walk import told
from tests.support.world import World, make_world

# Every row by which something hidden could be come by, held as a writer of it would.
_HOLD = [
    f"SELECT FROM {table} WHERE {column} = ANY(:ids) ORDER BY {column} FOR UPDATE"
    for table, column in (
        ("pipeline", "id"),
        ("pipeline_access", "pipeline_id"),
        ("pipeline_grant", "pipeline_id"),
        ("stage", "pipeline_id"),
        ("ticket", "pipeline_id"),
        ("ticket", "id"),
        ("ticket_key", "pipeline_id"),
        ("visit", "pipeline_id"),
    )
]

# Who sees their own tickets alone owns those in plain sight.
_OWNED = """
UPDATE ticket SET owner_id = (SELECT id FROM account_user WHERE name = :name)
 WHERE pipeline_id = :pipeline AND id <> :stray"""

# What is said in a furnished pipeline; the properties that it defines are everybody's.
_LABELS = {label: [f"{label} {said}" for said in ("cases", "one", "two", "done")] for label in ("Zebra", "Quagga")}


@dataclass
class Veil:
    """Something hidden: the ids that lead to it, and the names and cursors by the arguments that take them, each with a
    twin that leads nowhere; and the texts that tell of it.
    """

    ids: list[Lead]
    names: dict[str, Lead]
    secrets: list[str]

    @classmethod
    def over(cls, has: Scenery, label: str) -> "Veil":
        """Over a furnished pipeline and all that is in it."""
        ids, names = {has.pipeline, has.stage, has.ticket}, {lead.text: lead for lead in has.names}
        return cls(
            [lead for lead in has.ids if lead.text in ids],
            {"internalName": names[has.internal_name], "key": names[has.key], "after": names[has.cursor]},
            [*_LABELS[label], has.key, has.internal_name, has.neighbour, has.closed, has.empty, has.closing, *ids],
        )


@dataclass
class Hidden:
    """The world, what all see in it, and what is hidden from whom; `stray` is a ticket that only scopes hide."""

    seen: Scenery
    private: Scenery
    restricted: Scenery
    stray: Veil
    held: list[UUID]
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The world that it is in."""
        return self.seen.world

    def veils(self, who: str) -> list[Veil]:
        """What is hidden from somebody."""
        pipelines = [Veil.over(self.private, "Zebra"), Veil.over(self.restricted, "Quagga")]
        return [*pipelines, self.stray] if who in {OWN, NONE} else pipelines

    def tried(self, who: str) -> list[Veil]:
        """What to try as somebody: everything where much is allowed, else one of the two pipelines in turn."""
        veils = self.veils(who)
        return veils if who in {HOLDER, OWN, NONE} else [veils[EVERYBODY.index(who) % 2]]

    def assert_tells_nothing(self, who: str, answer: Json, sent: str = "") -> None:
        """Nothing that is hidden from somebody is in an answer to them."""
        text = told(answer, sent)
        found = [secret for veil in self.veils(who) for secret in veil.secrets if secret in text]
        assert found == [], f"{who} is told of {found}: {text}"

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """A block during which another session holds the lock of every hidden row."""
        async with self.world.acting(Role.OPERATOR) as work:
            for statement in _HOLD:
                await work.session.execute(text(statement), {"ids": self.held})
            yield


async def hide(api: Api) -> Hidden:
    """Make it. The restricted pipeline was granted to everybody once, and is granted to a team that nobody here is in;
    a ticket in plain sight was in the private one before.
    """
    world = await make_world(api.database.sessions)
    private = await _pipeline(world, "Zebra")
    restricted = await _pipeline(world, "Quagga")
    zebra, quagga = await furnish(world, private, "Zebra"), await furnish(world, restricted, "Quagga")
    traveller = await actions.open_ticket(world, "Travelling", to=Ref(id=private.id), who=Role.SUPER_ADMIN)
    await actions.move(world, traveller, "new", to=actions.named("support"), who=Role.SUPER_ADMIN)
    stray = await actions.open_ticket(world, "Okapi", who=Role.SUPER_ADMIN)
    veil = await _veil_of(world, stray)
    await _wall_off(world, private, restricted)
    home = await world.pipeline()
    made = Hidden(await furnish(world), zebra, quagga, veil, [private.id, restricted.id, stray])
    made.clients = await gather(api, world, [home.id])
    await db_state.execute(world, _OWNED, pipeline=home.id, stray=stray, name=OWN)
    for client in made.clients.values():
        await client.run("{ account { id } }")  # the first use of an app's secret is written down, which costs more
    return made


async def _pipeline(world: World, label: str) -> Pipeline:
    return await world.pipeline(Ref(id=await actions.create_pipeline(world, f"{label} cases", who=Role.SUPER_ADMIN)))


async def _wall_off(world: World, private: Pipeline, restricted: Pipeline) -> None:
    await actions.set_access(world, private, AccessMode.PRIVATE)
    red = Grantee(Level.EDIT, team_id=world.teams["red"].id)
    past = [Grantee(Level.EDIT, user_id=world.users[role].id) for role in world.users]
    await actions.set_access(world, restricted, AccessMode.RESTRICTED, red, *past)
    await db_state.execute(world, "UPDATE pipeline_grant SET until = now() WHERE user_id IS NOT NULL")


async def _veil_of(world: World, ticket_id: UUID) -> Veil:
    ticket = await db_state.ticket(world, ticket_id)
    stage = (await world.pipeline()).stages[0]
    # Its cursor is a place among the cards that are seen, and so no name of it: it is sealed, and tells nothing.
    names = {"key": Lead(ticket.key, f"{ticket.key.split('-')[0]}-4711")}
    secrets = ["Okapi", gid(ticket), ticket.key, cursor_of(ticket, stage)]
    return Veil([Lead(gid(ticket), unknown(Kind.TICKET))], names, secrets)


def kind_of(text: object) -> Kind | None:
    """The kind of thing that a global id names, where it is one."""
    try:
        return read_id(str(text))[0]
    except BadInput:
        return None
