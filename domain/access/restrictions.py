"""Whether a change of a pipeline's access only narrows or lifts it, so that any plan takes it (B20).

Pure: it compares what stands with what is to stand, and knows neither people nor the database.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain.access.pipeline_access import AccessMode, Grantee
from policies import Level


class AccessState(NamedTuple):
    """The access to one pipeline as a whole: its mode and all its grants, past ones included."""

    mode: AccessMode
    grants: Sequence[Grantee]


def is_restriction(before: AccessState, after: AccessState, now: datetime) -> bool:
    """Whether a change takes away only, or opens the pipeline to EVERYONE, and gives nobody anything by name.

    Every grant must lie within one that its grantee has already, whether grants count under the mode or not. Of the
    modes, EVERYONE may take the place of both others, PRIVATE that of RESTRICTED, and RESTRICTED that of PRIVATE only
    while no grant is in force. That PRIVATE brings the creator back is of the mode, and no name that is given (decision
    18).
    """
    if any(not _has_already(grant, before.grants, now) for grant in after.grants):
        return False
    match before.mode, after.mode:
        case (_, AccessMode.EVERYONE) | (AccessMode.RESTRICTED, _) | (AccessMode.PRIVATE, AccessMode.PRIVATE):
            return True
        case (AccessMode.PRIVATE, AccessMode.RESTRICTED):
            return not any(in_force(grant, now) for grant in after.grants)
        case _:
            return False


def in_force(grant: Grantee, now: datetime) -> bool:
    """Whether a grant has not ended (B22)."""
    return grant.until is None or grant.until > now


def _has_already(grant: Grantee, standing: Sequence[Grantee], now: datetime) -> bool:
    return not in_force(grant, now) or any(_within(grant, each) for each in standing if each.is_for(grant))


def _within(grant: Grantee, other: Grantee) -> bool:
    """Whether a grant gives no more than another one does, and no longer."""
    if grant.level is Level.EDIT and other.level is Level.VIEW:
        return False
    return other.until is None or (grant.until is not None and grant.until <= other.until)
