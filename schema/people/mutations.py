"""Root fields that change who is in the account, and what they may do."""

import strawberry

from domain import people
from resolvers import invitations
from resolvers import people as resolvers
from schema.accounts.types import User
from schema.arguments import Input
from schema.ids import Kind, uuid_of
from schema.info import Info, includes_of, once
from schema.people import inputs, payloads
from schema.people.changing import change
from schema.people.types import shape_member
from schema.results import settle


@strawberry.type
class PeopleMutation:
    """Mutations of people; all but accepting an invitation need the super admin's role."""

    @strawberry.mutation(
        description="Make somebody a user who joins by accepting: pass the token on to them, and to nobody else. It "
        "ends after 14 days, or when it is used, renewed or cancelled."
    )
    async def invite_user(self, info: Info, input: Input[inputs.InviteUserInput]) -> payloads.InviteUserPayload:
        """Declines NOT_PERMITTED, PLAN_TOO_LOW, NOT_FOUND, INVALID."""
        doing = resolvers.invite_user(
            info.context, once(info, input, input.idempotency_key), includes_of(info), input.plain()
        )
        return await settle(
            doing,
            lambda done: payloads.InviteUserPayload(
                member=shape_member(done.member), token=done.token, expires_at=done.expires_at
            ),
            lambda errors: payloads.InviteUserPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Invite somebody again who has not joined, also after their invitation was cancelled. The token "
        "that they had ends."
    )
    async def renew_invitation(
        self, info: Info, input: Input[inputs.RenewInvitationInput]
    ) -> payloads.RenewInvitationPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, PLAN_TOO_LOW, INVALID."""
        doing = resolvers.renew_invitation(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            user_id=uuid_of(Kind.USER, input.user_id),
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.RenewInvitationPayload(
                member=shape_member(done.member), token=done.token, expires_at=done.expires_at
            ),
            lambda errors: payloads.RenewInvitationPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Take an invitation back: its token ends, and the user is inactive.")
    async def cancel_invitation(
        self, info: Info, input: Input[inputs.CancelInvitationInput]
    ) -> payloads.CancelInvitationPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID."""
        user_id = uuid_of(Kind.USER, input.user_id)
        cancelling = resolvers.cancelling(user_id, input.expected_revision)
        return await change(info, input, user_id, cancelling, payloads.CancelInvitationPayload)

    @strawberry.mutation(
        description="Join an account by the token of an invitation, and sign in to it. Who has a password already, in "
        "whatever account, gives that one; everybody else chooses one. Needs no sign-in."
    )
    async def accept_invitation(
        self, info: Info, input: Input[inputs.AcceptInvitationInput]
    ) -> payloads.AcceptInvitationPayload:
        """Declines NOT_FOUND, SIGN_IN_FAILED, TOO_MANY_ATTEMPTS, INVALID, CONFLICT (decision 19)."""
        doing = invitations.accept_invitation(info.context, token=input.token, password=input.password, name=input.name)
        return await settle(
            doing,
            lambda done: payloads.AcceptInvitationPayload(
                token=done.token, expires_at=done.expires_at, user=User.of(done.user)
            ),
            lambda errors: payloads.AcceptInvitationPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Set all roles of a user; they hold from the user's next request on. The last active super admin "
        "of an account stays one."
    )
    async def set_user_roles(self, info: Info, input: Input[inputs.SetUserRolesInput]) -> payloads.SetUserRolesPayload:
        """Declines NOT_PERMITTED, PLAN_TOO_LOW, NOT_FOUND, CONFLICT, LAST_SUPER_ADMIN, INVALID."""
        user_id = uuid_of(Kind.USER, input.user_id)
        roles = inputs.roles_of(input.roles, input.custom_role_ids)
        appointing = resolvers.appointing(user_id, roles, input.expected_revision)
        return await change(info, input, user_id, appointing, payloads.SetUserRolesPayload)

    @strawberry.mutation(
        description="Set which tickets of the visible pipelines a user may view and edit; it holds from their next "
        "request on."
    )
    async def set_ticket_scopes(
        self, info: Info, input: Input[inputs.SetTicketScopesInput]
    ) -> payloads.SetTicketScopesPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID (B21)."""
        user_id = uuid_of(Kind.USER, input.user_id)
        scopes = people.Scopes(input.view.plain(), input.edit.plain())
        scoping = resolvers.scoping(user_id, scopes, input.expected_revision)
        return await change(info, input, user_id, scoping, payloads.SetTicketScopesPayload)

    @strawberry.mutation(description="Change what a user is called in this account.")
    async def rename_user(self, info: Info, input: Input[inputs.RenameUserInput]) -> payloads.RenameUserPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID."""
        user_id = uuid_of(Kind.USER, input.user_id)
        renaming = resolvers.renaming(user_id, input.name, input.expected_revision)
        return await change(info, input, user_id, renaming, payloads.RenameUserPayload)

    @strawberry.mutation(
        description="End a membership: the user's sessions end at once, and their tickets keep owner and history. The "
        "last active super admin of an account stays."
    )
    async def deactivate_user(
        self, info: Info, input: Input[inputs.DeactivateUserInput]
    ) -> payloads.DeactivateUserPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, LAST_SUPER_ADMIN, INVALID (B19)."""
        user_id = uuid_of(Kind.USER, input.user_id)
        deactivating = resolvers.deactivating(user_id, input.expected_revision)
        return await change(info, input, user_id, deactivating, payloads.DeactivateUserPayload)

    @strawberry.mutation(
        description="Let somebody who left sign in again, with the roles, scopes and teams that they had."
    )
    async def reactivate_user(
        self, info: Info, input: Input[inputs.ReactivateUserInput]
    ) -> payloads.ReactivateUserPayload:
        """Declines NOT_PERMITTED, PLAN_TOO_LOW, NOT_FOUND, CONFLICT, INVALID."""
        user_id = uuid_of(Kind.USER, input.user_id)
        reactivating = resolvers.reactivating(user_id, input.expected_revision)
        return await change(info, input, user_id, reactivating, payloads.ReactivateUserPayload)
