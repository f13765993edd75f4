"""Passwords of people: argon2id, in threads of their own.

Hashing takes tens of milliseconds and as many megabytes, so only a few run at once, few wait, and the event loop runs
none.
"""

import asyncio
import secrets
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from server.graphql.request_errors import OVERLOADED

Result = TypeVar("Result")


class TooManySignIns(Exception):  # noqa: N818 (it is a sentence for whoever signs in)
    """The line is full; nothing was hashed."""

    error_code: ClassVar[str] = OVERLOADED

    def __init__(self) -> None:
        super().__init__("Too many people sign in just now. Try again in a moment.")


class Argon2Passwords:
    """Hashes and verifies passwords, at most `at_once` at a time; `waiting` more wait in line, the rest are sent away.

    Spellings of the same text in Unicode (NFKC) are the same password. None has more than 1,024 characters, since
    normalising takes time that grows with the square of the length.
    """

    longest = 1_024

    def __init__(self, hasher: PasswordHasher | None = None, *, at_once: int = 2, waiting: int = 8) -> None:
        self._hasher = hasher or PasswordHasher()
        # A pool holds its place until the thread is done, also where the request was cancelled meanwhile.
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="argon2")
        self._places = threading.Semaphore(at_once + waiting)
        self._nobody = self._hasher.hash(secrets.token_hex(32))

    async def hash(self, password: str) -> str:
        """The encoded hash to store, its parameters and salt included; raises ValueError for an overlong password and
        TooManySignIns.
        """
        if len(password) > self.longest:
            raise ValueError(f"A password has at most {self.longest:,} characters.")
        return await self._in_thread(lambda: self._hasher.hash(_normal(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one; without a stored hash, or for an overlong password, it costs the same and is
        False. Raises TooManySignIns.
        """
        if len(password) > self.longest:
            return await self._in_thread(lambda: self._matches(self._nobody, ""))
        return await self._in_thread(lambda: self._matches(stored or self._nobody, _normal(password)))

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's and should be made anew after a sign-in."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """End the threads; what waits in line is dropped."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except VerifyMismatchError:
            return False

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        if not self._places.acquire(blocking=False):
            raise TooManySignIns
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
