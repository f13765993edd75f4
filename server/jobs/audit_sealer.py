"""What a worker does for the audit chain: it seals and signs what it numbers, and once what was left by others.

Where a chain was changed it goes on sealing and signs no more, and says so in the log, once for each account.
"""

from collections import deque
from uuid import UUID

import structlog

from domain import accounts, audit
from domain.database.transaction import Session
from domain.unit_of_work import Sessions, unbound

log = structlog.get_logger(__name__)

_AT_ONCE = 100  # accounts that are looked at between two rounds of numbering


class Sealing:
    """The chains of all accounts, as one worker looks after them."""

    def __init__(self, sessions: Sessions, signer: audit.Signer) -> None:
        self._sessions = sessions
        self._signer = signer
        self._left: deque[UUID] | None = None
        self._told: set[UUID] = set()

    async def seal(self, session: Session, account_id: UUID) -> None:
        """Seal what was numbered in this transaction."""
        self._tell(account_id, await audit.seal_events(session, account_id, self._signer))

    async def catch_up(self) -> bool:
        """Seal what earlier releases, or other keys, left in the next accounts; whether there are more of them."""
        if self._left is None:
            async with unbound(self._sessions) as session:
                self._left = deque(entry.account_id for entry in await accounts.list_accounts(session))
        for _ in range(min(_AT_ONCE, len(self._left))):
            account_id = self._left[0]
            self._tell(account_id, await audit.seal_account(self._sessions, account_id, self._signer))
            self._left.popleft()
        return bool(self._left)

    def _tell(self, account_id: UUID, sealed: audit.Sealed | None) -> None:
        if sealed is None or sealed.signed or account_id in self._told:
            return
        self._told.add(account_id)
        log.error("the audit chain was changed and is not signed any more: run verify-audit", account=str(account_id))
