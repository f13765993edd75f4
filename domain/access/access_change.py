"""A change of the access to one pipeline: it is locked, checked as a whole, and written.

Two changes of grants at the same moment take turns here, so that none is lost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from domain.access.access_rows import find_grants
from domain.access.pipeline_access import AccessMode, Grantee, PipelineAccess, PipelineGrant
from domain.access.restrictions import AccessState, is_restriction
from domain.accounts import UserState, find_teams, find_users
from domain.authorization import require
from domain.database.model import Json, new_id
from domain.errors import Invalid, NotFound, Path, expect_revision
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork
from policies import Permission

MOST_GRANTS = 500

# The path of a grant in the input of a client.
PathOf = Callable[[Grantee], Path]


@dataclass(frozen=True)
class Change:
    """The access to a pipeline, locked until the unit ends."""

    work: UnitOfWork
    access: PipelineAccess
    present: Sequence[PipelineGrant]

    @property
    def before(self) -> AccessState:
        """The present mode and grants."""
        return AccessState(AccessMode(self.access.mode), [row.grantee for row in self.present])

    async def to(self, wanted: AccessState, path_of: PathOf, *, expected_revision: int | None) -> None:
        """Write the new access. Checked in the order of every decision (section C): the grantees, then the plan, unless
        access is only restricted or removed (B20), then the rules.
        """
        before, now = self.before, await self.work.clock()
        new = [grant for grant in wanted.grants if grant not in before.grants]
        await _check_grantees(self.work, new, path_of)
        if not is_restriction(before, wanted, now):
            require(self.work.actor, Permission.ACCESS_MANAGE)
        expect_revision(self.access.revision, expected_revision)
        _check_rules(wanted, new, path_of, now)
        if wanted.mode is before.mode and set(wanted.grants) == set(before.grants):
            return
        self.access.mode = wanted.mode.value
        self.access.revision += 1
        await self._replace(wanted.grants, new)
        self._record(_facts(before), _facts(wanted))

    def _record(self, before: Json, after: Json) -> None:
        at = self.access.pipeline_id
        kind = EventKind.PIPELINE_ACCESS_UPDATED
        self.work.record(kind, "pipeline", at, before=before, after=after, pipelines=(at, at))

    async def _replace(self, wanted: Sequence[Grantee], new: Sequence[Grantee]) -> None:
        """Replace grants; one that is the same keeps its author and time (law 7)."""
        account_id, now = self.work.account_id, await self.work.clock()
        gone = [row.id for row in self.present if row.grantee not in wanted]
        if gone:
            taken = delete(PipelineGrant).where(PipelineGrant.account_id == account_id, PipelineGrant.id.in_(gone))
            await self.work.session.execute(taken)
        self.work.session.add_all(
            PipelineGrant(
                account_id=account_id,
                id=new_id(),
                pipeline_id=self.access.pipeline_id,
                user_id=grant.user_id,
                team_id=grant.team_id,
                level=grant.level.value,
                until=grant.until,
                granted_by=self.work.actor.id,
                granted_at=now,
            )
            for grant in new
        )


async def lock_access(work: UnitOfWork, pipeline_id: UUID) -> Change:
    """Lock the access to a pipeline and read it again. Declines NOT_FOUND when the pipeline was deleted meanwhile."""
    statement = select(PipelineAccess).where(
        PipelineAccess.account_id == work.account_id, PipelineAccess.pipeline_id == pipeline_id
    )
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = (await work.session.execute(locked)).scalar_one_or_none()
    if found is None:
        raise NotFound("pipeline", field=("pipeline",))
    return Change(work, found, await find_grants(work, [pipeline_id]))


async def _check_grantees(work: UnitOfWork, new: Sequence[Grantee], path_of: PathOf) -> None:
    """Decline NOT_FOUND for new grants of inactive users and teams; present grants may stay."""
    users = await find_users(work, [grant.user_id for grant in new])
    teams = await find_teams(work, [grant.team_id for grant in new])
    able = {user.id for user in users.values() if user.state is not UserState.INACTIVE}
    able |= {team.id for team in teams.values() if team.active}
    for grant in new:
        if grant.user_id is not None and grant.user_id not in able:
            raise NotFound("user", field=(*path_of(grant), "to", "userId"))
        if grant.team_id is not None and grant.team_id not in able:
            raise NotFound("team", field=(*path_of(grant), "to", "teamId"))


def _check_rules(wanted: AccessState, new: Sequence[Grantee], path_of: PathOf, now: datetime) -> None:
    for grant in new:
        if grant.until is not None and grant.until <= now:
            raise Invalid("A grant must end in the future.", field=(*path_of(grant), "until"))
    if new and len(wanted.grants) > MOST_GRANTS:
        raise Invalid(f"A pipeline takes at most {MOST_GRANTS} grants; use teams.", field=("to",))


def _facts(access: AccessState) -> Json:
    return {
        "mode": access.mode.value,
        "grants": [
            {
                "user": str(grant.user_id) if grant.user_id else None,
                "team": str(grant.team_id) if grant.team_id else None,
                "level": grant.level.value,
                "until": grant.until.isoformat() if grant.until else None,
            }
            for grant in access.grants
        ],
    }
