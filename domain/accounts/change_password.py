"""Changing one's password, which ends every other session of the person, in every account at once (B19).

The current password is verified outside any transaction by the caller, as for signing in; what is judged here is the
new one, and that nobody changed it meanwhile.
"""

import hmac
import unicodedata

from sqlalchemy import select, update

from domain.accounts.user import Identity, Token, User
from domain.errors import Conflict, Invalid, Path, Refusal
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork

SHORTEST = 10


class NoPassword(Refusal):
    """Whoever asks has no password that could be changed: an app, or a person who signs in elsewhere."""

    code = "NO_PASSWORD"

    def __init__(self) -> None:
        super().__init__("You have no password here that could be changed: you come in by other means.")


class WrongPassword(Refusal):
    """The current password is not the one that was given."""

    code = "WRONG_PASSWORD"

    def __init__(self) -> None:
        super().__init__("The current password is not right.", field=("currentPassword",))


def check_password(password: str, *, email: str, longest: int, old: str = "", field: Path = ("newPassword",)) -> None:
    """Decline, with INVALID, a password that is too short or too long, or is the e-mail address or the old password."""
    if not SHORTEST <= len(password) <= longest:
        raise Invalid(f"A password has {SHORTEST} to {longest:,} characters, not {len(password):,}.", field=field)
    if _same(password.lower(), email.lower()):
        raise Invalid("A password is something other than the e-mail address.", field=field)
    if _same(password, old[: longest + 1]):
        raise Invalid("The new password is something other than the old one.", field=field)


async def find_own_identity(work: UnitOfWork) -> Identity:
    """The person behind the unit. Declines NO_PASSWORD, where nobody could change one here."""
    statement = select(Identity).join(User, User.identity_id == Identity.id)
    mine = statement.where(User.account_id == work.account_id, User.id == work.actor.user_id)
    found = (await work.session.execute(mine)).scalar_one_or_none()
    if found is None or found.password_hash is None:
        raise NoPassword
    return found


async def change_password(work: UnitOfWork, verified: Identity, password_hash: str) -> None:
    """Put a new password in the place of the one that was verified; of all sessions that of this unit alone goes on.

    Declines CONFLICT, where the password was changed since it was verified.
    """
    same = update(Identity).where(Identity.id == verified.id, Identity.epoch == verified.epoch)
    changed = same.values(password_hash=password_hash, epoch=Identity.epoch + 1).returning(Identity.epoch)
    epoch = (await work.session.execute(changed.execution_options(synchronize_session=False))).scalar_one_or_none()
    if epoch is None:
        raise Conflict("The password was changed meanwhile; sign in with the new one.")
    kept = update(Token).where(Token.account_id == work.account_id, Token.id == work.actor.token_id)
    await work.session.execute(kept.values(epoch=epoch).execution_options(synchronize_session=False))
    if work.actor.user_id is not None:
        work.record(EventKind.PASSWORD_CHANGED, "user", work.actor.user_id)


def _same(one: str, other: str) -> bool:
    """Whether two texts are one password: their spellings in Unicode do not matter (decision 16)."""
    spelt = (unicodedata.normalize("NFKC", each).encode() for each in (one, other))
    return hmac.compare_digest(*spelt)
