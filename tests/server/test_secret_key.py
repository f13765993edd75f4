"""The key that things are sealed with: the operator's, or one that is made once and shown to nobody."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.auth.secret_key import secret_key
from server.errors import BadSetting
from server.settings import Settings


def test_the_key_that_is_set_is_used(tmp_path: Path) -> None:
    chosen = Settings(secret_key=SecretStr("k" * 32))

    assert secret_key(chosen, tmp_path) == b"k" * 32
    assert not list(tmp_path.iterdir())


def test_a_key_is_made_once_for_its_maker_alone(tmp_path: Path, settings: Settings) -> None:
    first, second = secret_key(settings, tmp_path), secret_key(settings, tmp_path)

    assert first == second
    assert len(first) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_those_who_make_it_at_the_same_time_get_the_same(tmp_path: Path, settings: Settings) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: secret_key(settings, tmp_path), range(64)))

    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_database_of_ones_own_needs_a_key_of_ones_own(settings: Settings) -> None:
    with pytest.raises(BadSetting, match="SLUICEGATE_SECRET_KEY is needed"):
        secret_key(settings, None)
