"""Passwords are hashed at a cost, few at a time, and a hash tells nothing of who has one."""

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Literal

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.low_level import Type

from server.auth.passwords import Argon2Passwords, TooManySignIns
from server.graphql.error_masking import public_code

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="module")
def passwords() -> Iterator[Argon2Passwords]:
    made = Argon2Passwords(CHEAP)
    yield made
    made.close()


class Watched(PasswordHasher):
    """Counts the hashes that are verified at the same time, and remembers which."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.lock = threading.Lock()
        self.now = self.most = 0
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        """Verify slowly enough to be met by others."""
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.verified.append(str(hash))
        try:
            time.sleep(0.01)
            return super().verify(hash, password)
        finally:
            with self.lock:
                self.now -= 1


async def test_a_password_verifies_and_another_does_not(passwords: Argon2Passwords) -> None:
    stored = await passwords.hash("correct horse")

    assert await passwords.verify(stored, "correct horse") is True
    assert await passwords.verify(stored, "Correct horse") is False


async def test_the_same_password_never_has_the_same_hash(passwords: Argon2Passwords) -> None:
    assert await passwords.hash("correct horse") != await passwords.hash("correct horse")


async def test_todays_hashes_are_argon2id_with_the_librarys_cost() -> None:
    passwords = Argon2Passwords()
    stored = await passwords.hash("correct horse")
    passwords.close()

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_without_a_stored_hash_one_of_the_same_cost_is_verified_and_fails() -> None:
    watched = Watched()
    passwords = Argon2Passwords(watched)

    for password in ("", "correct horse"):
        assert await passwords.verify(None, password) is False
    passwords.close()

    assert len(watched.verified) == 2
    assert all(one.startswith("$argon2id$v=19$m=8,t=1,p=1$") for one in watched.verified)


async def test_unicode_spellings_of_one_text_are_one_password(passwords: Argon2Passwords) -> None:
    stored = await passwords.hash("Cafe\u0301 ①")

    assert await passwords.verify(stored, "Caf\u00e9 1") is True


async def test_an_overlong_password_never_matches_and_costs_what_a_wrong_one_costs() -> None:
    watched = Watched()
    passwords = Argon2Passwords(watched)
    longest, overlong = "x" * 1_024, "x" * 1_025

    assert await passwords.verify(watched.hash(longest), longest) is True
    assert await passwords.verify(watched.hash(overlong), overlong) is False
    assert await passwords.verify(None, overlong) is False
    passwords.close()

    assert watched.verified[1] == watched.verified[2] != watched.verified[0]


async def test_an_overlong_password_is_not_hashed(passwords: Argon2Passwords) -> None:
    with pytest.raises(ValueError, match="at most 1,024 characters"):
        await passwords.hash("x" * 1_025)


async def test_who_finds_the_line_full_hears_so_at_once() -> None:
    passwords = Argon2Passwords(Watched(), at_once=1, waiting=2)
    stored = await passwords.hash("x")

    outcomes = await asyncio.gather(*(passwords.verify(stored, "x") for _ in range(5)), return_exceptions=True)
    later = await passwords.verify(stored, "x")
    passwords.close()

    assert outcomes[:3] == [True] * 3
    assert [type(outcome) for outcome in outcomes[3:]] == [TooManySignIns] * 2
    assert later is True
    assert public_code(TooManySignIns()) == "OVERLOADED"


async def test_who_leaves_the_line_gives_the_place_back() -> None:
    passwords = Argon2Passwords(Watched(), at_once=1, waiting=1)
    stored = await passwords.hash("x")

    first, second = (asyncio.create_task(passwords.verify(stored, "x")) for _ in range(2))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    third = await passwords.verify(stored, "x")

    assert third is await first is True
    passwords.close()


async def test_only_so_many_run_at_once_and_the_loop_goes_on() -> None:
    watched = Watched()
    passwords = Argon2Passwords(watched, at_once=2)
    stored = await passwords.hash("x")
    turns = 0

    work = asyncio.gather(*(passwords.verify(stored, "x") for _ in range(10)))
    while not work.done():
        await asyncio.sleep(0.001)
        turns += 1
    passwords.close()

    assert await work == [True] * 10
    assert watched.most == 2
    assert turns > 5


async def test_a_request_that_is_cancelled_gives_its_place_back_only_when_the_thread_is_done() -> None:
    watched = Watched()
    passwords = Argon2Passwords(watched, at_once=1)
    stored = await passwords.hash("x")

    for _ in range(5):
        asyncio.get_running_loop().call_later(0.002, asyncio.create_task(passwords.verify(stored, "x")).cancel)
    await passwords.verify(stored, "x")
    passwords.close()

    assert watched.most == 1


async def test_a_hash_of_other_parameters_is_outdated(passwords: Argon2Passwords) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash("x")
    other = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.I).hash("x")

    assert passwords.is_outdated(old)
    assert passwords.is_outdated(other)
    assert not passwords.is_outdated(await passwords.hash("x"))
    assert await passwords.verify(old, "x") is True


async def test_what_is_no_hash_is_a_bug_and_not_a_wrong_password(passwords: Argon2Passwords) -> None:
    with pytest.raises(InvalidHashError):
        await passwords.verify("no hash", "x")
