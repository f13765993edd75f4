"""Passwords of people: argon2id, in threads of their own.

Hashing takes tens of milliseconds and as many megabytes, so only a few run at once and the event loop runs none.
"""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

Result = TypeVar("Result")


class Argon2Passwords:
    """Hashes and verifies passwords, at most `at_once` at a time; more wait in line.

    Spellings of the same text in Unicode (NFKC) are the same password.
    """

    def __init__(self, hasher: PasswordHasher | None = None, *, at_once: int = 2) -> None:
        self._hasher = hasher or PasswordHasher()
        # A pool holds its place until the thread is done, also where the request was cancelled meanwhile.
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="argon2")
        self._nobody = self._hasher.hash(secrets.token_hex(32))

    async def hash(self, password: str) -> str:
        """The encoded hash to store, its parameters and salt included."""
        return await self._in_thread(lambda: self._hasher.hash(_normal(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one; without a stored hash it costs the same and is False."""
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
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
