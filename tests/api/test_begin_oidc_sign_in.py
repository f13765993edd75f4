"""beginOidcSignIn: where people are sent, and what is said where there is no provider (decision 23)."""

import pytest

from server.auth.oidc.provider import OpenIdProvider
from server.auth.oidc.registration import Registration
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.graphql.cursors import SealedCursors
from server.settings import Settings
from tests.support.client import SECRET, Api, make_api
from tests.support.fake_oidc import edge
from tests.support.openid import CALLBACK, CLIENT
from tests.support.operations import Apart

OPERATION = Apart("It takes no token.")


async def test_where_no_provider_is_configured_it_is_said(api: Api) -> None:
    begun = await api.nobody.refused("beginOidcSignIn", redirectUri=CALLBACK)
    completed = await api.nobody.refused("completeOidcSignIn", handle="some", code="some", state="some")

    assert begun == completed
    assert (begun["code"], begun["field"]) == ("NO_IDENTITY_PROVIDER", None)
    assert begun["message"] == "No identity provider is configured here; sign in with a password."


@pytest.mark.parametrize(
    ("uri", "code", "field"),
    [
        ("https://evil.test/", "INVALID", ["input", "redirectUri"]),
        (CALLBACK, "PROVIDER_UNAVAILABLE", None),
    ],
)
async def test_what_cannot_be_begun_is_declined(
    database: Database, settings: Settings, passwords: Argon2Passwords, uri: str, code: str, field: list[str] | None
) -> None:
    with edge() as gone:
        registration = Registration(gone.issuer, CLIENT, (CALLBACK,))
    api = make_api(database, settings, passwords, oidc=OpenIdProvider(registration, SealedCursors(SECRET)))

    refused = await api.nobody.refused("beginOidcSignIn", redirectUri=uri)

    assert (refused["code"], refused["field"]) == (code, field)
    await api.http.aclose()
