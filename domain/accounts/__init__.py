"""Accounts: tenants, the people and teams in them, their plan, and how they come in and sign in."""

from domain.accounts.account import Account, DirectoryEntry, DirectoryKind
from domain.accounts.admitting import bearer, founder, member, operator, read_token
from domain.accounts.directory import enlist, list_accounts, look_up
from domain.accounts.finding import (
    Name,
    find_names,
    find_team,
    find_teams,
    find_user,
    find_users,
    list_teams,
    list_users,
)
from domain.accounts.joining import add_team, add_user
from domain.accounts.planning import PipelineLimits, change_plan, find_account, lock_account
from domain.accounts.signing_in import (
    AccountNeeded,
    AttemptLimit,
    SignInFailed,
    TooManyAttempts,
    count_attempts,
    find_active_membership,
    find_identity,
    forget_attempts,
    issue_token,
    renew_password,
    sign_out,
    sweep_attempts,
)
from domain.accounts.standing_in import stand_in
from domain.accounts.user import Identity, Team, TeamMember, User

__all__ = [
    "Account",
    "AccountNeeded",
    "AttemptLimit",
    "DirectoryEntry",
    "DirectoryKind",
    "Identity",
    "Name",
    "PipelineLimits",
    "SignInFailed",
    "Team",
    "TeamMember",
    "TooManyAttempts",
    "User",
    "add_team",
    "add_user",
    "bearer",
    "change_plan",
    "count_attempts",
    "enlist",
    "find_account",
    "find_active_membership",
    "find_identity",
    "find_names",
    "find_team",
    "find_teams",
    "find_user",
    "find_users",
    "forget_attempts",
    "founder",
    "issue_token",
    "list_accounts",
    "list_teams",
    "list_users",
    "lock_account",
    "look_up",
    "member",
    "operator",
    "read_token",
    "renew_password",
    "sign_out",
    "stand_in",
    "sweep_attempts",
]
