"""Trying a text that leads somewhere in a place of an operation, beside its twin that leads nowhere."""

from dataclasses import dataclass, field

from tests.support.client import Api, Client, Json
from tests.support.fixtures import Lead
from tests.support.schema_walk import Slot, ask, told
from tests.support.statements import counting


@dataclass
class Trier:
    """Puts leads into the places of one operation whose arguments would work as they are."""

    api: Api
    client: Client
    given: Json
    _twins: dict[tuple[Slot, str], tuple[str, int]] = field(default_factory=dict)

    async def answer_of(self, slot: Slot, lead: Lead) -> Json:
        """The answer to a lead in a place; it is, and costs, what it would for the twin."""
        answer, cost = await self._ask(slot, lead.text)
        if (slot, lead.twin) not in self._twins:
            twin, its_cost = await self._ask(slot, lead.twin)
            self._twins[slot, lead.twin] = (told(twin, lead.twin), its_cost)

        assert (told(answer, lead.text), cost) == self._twins[slot, lead.twin], slot.name
        return answer

    async def _ask(self, slot: Slot, text: str) -> tuple[Json, int]:
        with counting(self.api.engine) as counted:
            answer = await ask(self.client, slot.field, slot.put(self.given, text))
        return answer, counted.total
