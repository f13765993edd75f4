"""Settings: what is set counts, and what is wrong is told in one sentence that names the variable and no secret."""

import pytest

from policies.vocabulary import Tier
from server import settings
from server.auth.oidc.registration import Registration
from server.errors import BadSetting
from server.settings import Databases


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*settings.names(), "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_nothing_needs_to_be_set() -> None:
    assert settings.load().databases is None


def test_plan_limits_are_those_of_the_spec_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICEGATE_PIPELINES_STARTER", "3")

    limits = settings.load().plan_limits

    assert limits == {Tier.FREE: 1, Tier.STARTER: 3, Tier.PROFESSIONAL: 15, Tier.ENTERPRISE: 100}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLUICEGATE_TOKEN_DAYS", "soon", "SLUICEGATE_TOKEN_DAYS: input should be a valid integer"),
        ("SLUICEGATE_TOKEN_DAYS", "0", "SLUICEGATE_TOKEN_DAYS: input should be greater than or equal to 1"),
        ("SLUICEGATE_SECRET_KEY", "hunter2", "SLUICEGATE_SECRET_KEY: it should have at least 32 characters, not 7"),
        (
            "SLUICEGATE_DATABASE_URL",
            "mysql://root:hunter2@db/x",
            "SLUICEGATE_DATABASE_URL: it should look like postgres",
        ),
        (
            "SLUICEGATE_OIDC_ISSUER",
            "http://hunter2.test",
            "SLUICEGATE_OIDC_ISSUER: it should begin with https://, or with http:// on this machine",
        ),
        (
            "SLUICEGATE_OIDC_REDIRECT_URIS",
            "https://app.test,app",
            "SLUICEGATE_OIDC_REDIRECT_URIS: it should begin with",
        ),
        ("SLUICEGATE_OIDC_REQUIRED_DOMAIN", "@corp.test", "SLUICEGATE_OIDC_REQUIRED_DOMAIN: string should match"),
        ("DATABASE_URL", "sqlite:///hunter2", "DATABASE_URL: it should look like postgres"),
        ("SLUICEGATE_LOG_LEVEL", "loud", "SLUICEGATE_LOG_LEVEL: input should be 'debug', 'info', 'warning' or 'error'"),
        ("SLUICEGATE_POOLSIZE", "5", "There is no setting SLUICEGATE_POOLSIZE; is SLUICEGATE_POOL_SIZE meant?"),
        ("SLUICEGATE_FLUX", "5", "There is no setting SLUICEGATE_FLUX."),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSetting) as refusal:
        settings.load()

    assert said in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICEGATE_POOL_SIZE", "none")
    monkeypatch.setenv("SLUICEGATE_MAX_DEPTH", "0")

    with pytest.raises(BadSetting, match=r"SLUICEGATE_MAX_DEPTH: .*; SLUICEGATE_POOL_SIZE: "):
        settings.load()


def test_settings_of_the_tests_are_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICEGATE_TEST_POSTGRES", "15")

    settings.load()


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICEGATE_DATABASE_URL", "")

    assert settings.load().databases is None


def test_origins_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICEGATE_ALLOWED_ORIGINS", "https://app.example, http://localhost:5173/")

    assert settings.load().allowed_origins == ("https://app.example", "http://localhost:5173")


def test_each_role_has_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICEGATE_DATABASE_URL", "postgresql+asyncpg://app@db/x")
    monkeypatch.setenv("SLUICEGATE_OWNER_DATABASE_URL", "postgres://owner@db/x")
    monkeypatch.setenv("DATABASE_URL", "postgres://else@db/x")

    assert settings.load().databases == Databases("postgresql://app@db/x", "postgres://owner@db/x")


def test_the_plain_address_stands_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://all@db/x")

    assert settings.load().databases == Databases("postgres://all@db/x", "postgres://all@db/x", shared=True)


def test_an_owner_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICEGATE_OWNER_DATABASE_URL", "postgres://owner@db/x")

    with pytest.raises(BadSetting, match="needs SLUICEGATE_DATABASE_URL beside it"):
        _ = settings.load().databases


PROVIDER = {
    "SLUICEGATE_OIDC_ISSUER": "https://id.test/tenant/",
    "SLUICEGATE_OIDC_CLIENT_ID": "sluicegate",
    "SLUICEGATE_OIDC_REDIRECT_URIS": "https://app.test/back/, http://localhost:5173/back",
}


def test_there_is_no_identity_provider_unless_one_is_set() -> None:
    assert settings.load().registration is None


def test_an_identity_provider_is_set_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PROVIDER.items():
        monkeypatch.setenv(name, value)
    public = settings.load().registration
    monkeypatch.setenv("SLUICEGATE_OIDC_CLIENT_SECRET", "hunter2")
    monkeypatch.setenv("SLUICEGATE_OIDC_REQUIRED_DOMAIN", "corp.test")

    loaded = settings.load()

    uris = ("https://app.test/back/", "http://localhost:5173/back")
    assert public == Registration("https://id.test/tenant/", "sluicegate", uris)
    assert loaded.registration == Registration("https://id.test/tenant/", "sluicegate", uris, "hunter2", "corp.test")
    assert "hunter2" not in repr(loaded)


@pytest.mark.parametrize("missing", PROVIDER)
def test_half_an_identity_provider_is_refused(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name, value in PROVIDER.items():
        if name != missing:
            monkeypatch.setenv(name, value)

    with pytest.raises(BadSetting, match=missing):
        _ = settings.load().registration


def test_every_setting_is_described() -> None:
    assert all(field.description for field in settings.Settings.model_fields.values())
