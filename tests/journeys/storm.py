"""A storm of grants and revocations, and readers who note what was acknowledged before each of their reads began."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple
from uuid import UUID

import asyncpg

from tests.support.client import Client, Json

READ = """
query ($all: Boolean!, $pipeline: ID!, $ids: [ID!]!, $ticket: ID, $key: String, $stage: ID!,
       $board: Boolean!, $nodes: Boolean!, $byId: Boolean!, $byKey: Boolean!, $cards: Boolean!) {
  pipelines @include(if: $all) { id label stages { id } }
  board(pipeline: {id: $pipeline}) @include(if: $board) {
    pipeline { id } stages { totalCount cards { nodes { id subject } } } }
  nodes(ids: $ids) @include(if: $nodes) { id }
  byId: ticket(id: $ticket) @include(if: $byId) { id subject pipeline { id } }
  byKey: ticket(key: $key) @include(if: $byKey) { id subject pipeline { id } }
  stageCards(stageId: $stage) @include(if: $cards) { nodes { id subject } }
}"""
AT_ONCE = 3  # readers whose turn it is after a change
WAYS = ("all", "board", "nodes", "byId", "byKey", "cards")
# What each way could show of a pipeline: itself, or its ticket.
SHOWS_PIPELINE, SHOWS_TICKET = {"all", "board", "nodes"}, {"board", "nodes", "byId", "byKey", "cards"}


class Place(NamedTuple):
    """A pipeline with one ticket in it."""

    pipeline: str
    stage: str
    ticket: str
    key: str


class Person(NamedTuple):
    """A reader: who they are to the API and to the database."""

    name: str
    id: str
    uuid: UUID


Thing = tuple[str, str]  # whose name, and the global id of a pipeline or ticket


@dataclass
class AccessState:
    """Who may see what, as far as it was acknowledged: true, false, or None while a change of it is on its way.

    `count` grows with every change, so that a reader knows whether something changed between two looks.
    """

    may: dict[Thing, bool | None] = field(default_factory=dict)
    count: Counter[Thing] = field(default_factory=Counter)

    def begin(self, to_be: dict[Thing, bool]) -> None:
        """A change is about to be asked for."""
        for thing, may in to_be.items():
            if self.may.get(thing) != may:
                self.may[thing] = None
                self.count[thing] += 1

    def acknowledge(self, to_be: dict[Thing, bool]) -> None:
        """It was acknowledged."""
        self.may.update(to_be)

    def look(self, thing: Thing) -> tuple[bool | None, int]:
        """What was acknowledged until now."""
        return self.may[thing], self.count[thing]


@dataclass
class Storm:
    """What the super admin decides, and what follows from it for everybody."""

    places: list[Place]
    people: list[Person]
    team: str
    team_id: UUID
    chance: Random
    standing: AccessState = field(default_factory=AccessState)
    modes: dict[str, tuple[str, frozenset[str], bool]] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    scoped: set[str] = field(default_factory=set)
    lost: int = 0

    def facts(self) -> dict[Thing, bool]:
        """Who sees what by the modes, grants, members and scopes of now."""
        found: dict[Thing, bool] = {}
        for place in self.places:
            mode, granted, to_team = self.modes[place.pipeline]
            for person in self.people:
                by_team = to_team and person.name in self.members
                sees = mode == "EVERYONE" or (mode == "RESTRICTED" and (person.name in granted or by_team))
                found[person.name, place.pipeline] = sees
                found[person.name, place.ticket] = sees and person.name not in self.scoped
        return found

    async def begin(self, admin: Client, connection: asyncpg.Connection) -> None:
        """Everybody sees everything."""
        for place in self.places:
            await self._set(admin, place, "EVERYONE", frozenset(), to_team=False)
        await connection.execute("DELETE FROM team_member WHERE team_id = $1", self.team_id)

    async def change(self, admins: list[Client], connection: asyncpg.Connection) -> None:
        """One grant or revocation: mostly by the API, sometimes by who is in the team or what a scope reaches."""
        kind, person = self.chance.random(), self.chance.choice(self.people)
        if kind < 0.1:
            await self._join_or_leave(connection, person)
        elif kind < 0.2:
            await self._narrow_or_widen(connection, person)
        else:
            mode = self.chance.choice(["EVERYONE", "PRIVATE", "RESTRICTED", "RESTRICTED", "RESTRICTED"])
            granted = frozenset(each.name for each in self.people if self.chance.random() < 0.4)
            admin, place = self.chance.choice(admins), self.chance.choice(self.places)
            await self._set(admin, place, mode, granted, to_team=self.chance.random() < 0.5)

    async def _set(self, admin: Client, place: Place, mode: str, granted: frozenset[str], *, to_team: bool) -> None:
        self.modes[place.pipeline] = (mode, granted, to_team)
        grants = [{"to": {"userId": each.id}, "level": "VIEW"} for each in self.people if each.name in granted]
        grants += [{"to": {"teamId": self.team}, "level": "VIEW"}] if to_team else []
        to_be = self._begun()
        done = await admin.do("setPipelineAccess", pipeline={"id": place.pipeline}, mode=mode, grants=grants)
        assert done["userErrors"] == [], done
        self.standing.acknowledge(to_be)

    async def _join_or_leave(self, connection: asyncpg.Connection, person: Person) -> None:
        self.members ^= {person.name}
        to_be = self._begun()
        statement = "DELETE FROM team_member WHERE team_id = $1 AND user_id = $2"
        if person.name in self.members:
            statement = """INSERT INTO team_member (account_id, team_id, user_id)
                           SELECT account_id, $1, id FROM account_user WHERE id = $2"""
        await connection.execute(statement, self.team_id, person.uuid)
        self.standing.acknowledge(to_be)

    async def _narrow_or_widen(self, connection: asyncpg.Connection, person: Person) -> None:
        self.scoped ^= {person.name}
        to_be = self._begun()
        statement = "UPDATE account_user SET view_reach = $1, view_unassigned = $2 WHERE id = $3"
        scoped = person.name in self.scoped
        await connection.execute(statement, "NONE" if scoped else "ALL", not scoped, person.uuid)
        self.standing.acknowledge(to_be)

    def _begun(self) -> dict[Thing, bool]:
        to_be = self.facts() if len(self.modes) == len(self.places) else {}
        self.lost += sum(self.standing.may.get(thing) is True and not may for thing, may in to_be.items())
        self.standing.begin(to_be)
        return to_be


@dataclass
class Reader:
    """Somebody who reads through all the ways there are, over one of the servers."""

    client: Client
    person: Person
    storm: Storm
    chance: Random
    decisive: Counter[bool] = field(default_factory=Counter)
    reads: int = 0
    turn: asyncio.Event = field(default_factory=asyncio.Event)
    is_done: bool = False

    async def go_on(self) -> None:
        """Read at each turn until told that it is enough."""
        while True:
            await self.turn.wait()
            if self.is_done:
                return
            self.turn.clear()
            await self._read(self.chance.choice(WAYS), self.chance.choice(self.storm.places))

    async def _read(self, way: str, place: Place) -> None:
        places = self.storm.places if way == "all" else [place]
        things = [each.pipeline for each in places if way in SHOWS_PIPELINE]
        things += [each.ticket for each in places if way in SHOWS_TICKET]
        before = {thing: self.storm.standing.look((self.person.name, thing)) for thing in things}
        shown = str(await self._ask(way, place))
        self.reads += 1
        for thing, (may, count) in before.items():
            if may is not None and self.storm.standing.look((self.person.name, thing)) == (may, count):
                self.decisive[may] += 1
                assert (thing in shown) == may, f"{self.person.name} {'lost' if not may else 'has'} it, by {way}"

    async def _ask(self, way: str, place: Place) -> Json:
        given = {"pipeline": place.pipeline, "ids": [place.pipeline, place.ticket], "ticket": place.ticket}
        data = await self.client.run(
            READ, **given, key=place.key, stage=place.stage, **{each: each == way for each in WAYS}
        )
        if way == "board" and data["board"] is not None:
            cards = [stage["cards"]["nodes"] for stage in data["board"]["stages"]]
            assert [stage["totalCount"] for stage in data["board"]["stages"]] == [len(each) for each in cards]
        return data


async def blow(
    storm: Storm, changes: int, admins: list[Client], connection: asyncpg.Connection, readers: list[Reader]
) -> None:
    """So many changes, one after the other; as soon as each is acknowledged some read, while the next is on its way."""
    for _ in range(changes):
        await storm.change(admins, connection)
        for reader in storm.chance.sample(readers, AT_ONCE):
            reader.turn.set()
    for reader in readers:
        reader.is_done = True
        reader.turn.set()
