"""Root fields that find members and custom roles, and what the law says of permissions."""

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID, argument

from domain.page import NameCursor
from policies import Permission
from resolvers import invitations, people, roles
from schema.enums import UserState
from schema.ids import Kind, uuid_of
from schema.info import Info, includes_of
from schema.paging import DEFAULT_PAGE, bound_to_members, open_name
from schema.people.roles import CustomRole
from schema.people.types import Invitation, Member, MemberConnection, PermissionRule, member_of
from schema.results import or_null

_WORKING = (UserState.ACTIVE, UserState.INVITED)
_STATES = "The states of the members to list; those who are active or invited unless given."
_FIRST = "How many members at most, from 1 to 500."
_AFTER = "The cursor of the member to continue after; from the first one unless given."


@strawberry.type
class PeopleQuery:
    """Queries about people."""

    @strawberry.field(
        description="The users of the account by name, with all that who manages people decides about. Null for other "
        "viewers. The inactive are those who left, and placeholders for whom an import named."
    )
    async def members(
        self,
        info: Info,
        states: Annotated[list[UserState] | None, argument(description=_STATES)] = None,
        first: Annotated[int, argument(description=_FIRST)] = DEFAULT_PAGE,
        after: Annotated[str | None, argument(description=_AFTER)] = None,
    ) -> MemberConnection | None:
        """A keyset page by name and id."""
        seal = info.context.services.cursors

        def opened(account_id: UUID) -> NameCursor | None:
            return None if after is None else open_name(seal, after, bound_to_members(account_id))

        within = _WORKING if states is None else states
        finding = people.list_members(info.context, includes_of(info), states=within, first=first, after=opened)
        view = await or_null(finding)
        return MemberConnection.of(view, seal, continued=after is not None) if view else None

    @strawberry.field(
        description="One user with all that who manages people decides about; null when there is none for the viewer."
    )
    async def member(
        self, info: Info, user_id: Annotated[ID, argument(description="The global id of the user.")]
    ) -> Member | None:
        """A member in any state."""
        return member_of(
            await or_null(people.find_member(info.context, uuid_of(Kind.USER, user_id), includes_of(info)))
        )

    @strawberry.field(
        description="The account's custom roles by name, at most 200; null for viewers who do not manage people."
    )
    async def custom_roles(self, info: Info) -> list[CustomRole] | None:
        """What can be given beside the built-in roles."""
        found = await or_null(roles.list_custom_roles(info.context))
        return None if found is None else [CustomRole.of(role) for role in found]

    @strawberry.field(description="What the law says of every permission; it is the same for everybody.")
    async def permissions(self, info: Info) -> list[PermissionRule]:
        """The law, for whoever is signed in."""
        async with info.context.reading():
            return [PermissionRule.of(permission) for permission in Permission]

    @strawberry.field(
        description="What an invitation says, for whoever holds its token; null when there is none, or it has ended. "
        "Needs no sign-in."
    )
    async def invitation(
        self, info: Info, token: Annotated[str, argument(description="The token of the invitation.")]
    ) -> Invitation | None:
        """Enough to know what one joins, and as whom."""
        found = await or_null(invitations.find_invitation(info.context, token))
        return Invitation.of(found) if found else None
