"""Root fields that find tickets."""

from typing import Annotated

import strawberry
from strawberry import ID, argument

from resolvers import tickets as resolvers
from schema.errors import BadInput
from schema.ids import Kind, uuid_of
from schema.info import Info, includes_of
from schema.references import PipelineRef, pipeline_ref
from schema.results import or_null
from schema.tickets.ticket_payload import ticket_of
from schema.tickets.types import Ticket

_KEY = "A key that the ticket has or had, such as SUP-142, in capitals or not."
_OF_THE_KEY = "The pipeline that the key is of; needed where tickets of several pipelines have it."


@strawberry.type
class TicketQuery:
    """Queries about tickets."""

    @strawberry.field(
        description="One ticket, by its id, or by its key and perhaps its pipeline; null when there is none for the "
        "viewer."
    )
    async def ticket(
        self,
        info: Info,
        id: Annotated[ID | None, argument(description="The global id of the ticket.")] = None,
        key: Annotated[str | None, argument(description=_KEY)] = None,
        pipeline: Annotated[PipelineRef | None, argument(description=_OF_THE_KEY)] = None,
    ) -> Ticket | None:
        """One visible ticket."""
        if (id is None) == (key is None) or (id is not None and pipeline is not None):
            raise BadInput("Give either `id`, or `key` and perhaps `pipeline`.")
        if id is not None:
            finding = resolvers.find_ticket(info.context, uuid_of(Kind.TICKET, id), includes_of(info))
        else:
            finding = resolvers.find_ticket_by_key(info.context, key or "", pipeline_ref(pipeline), includes_of(info))
        return ticket_of(await or_null(finding))
