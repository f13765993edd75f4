"""Exchanging what the browser brought back for what the provider tells us alone (RFC 6749, RFC 7636)."""

import hmac
from typing import NamedTuple
from urllib.parse import quote_plus

import structlog

from server.auth.oidc.discovery import Metadata
from server.auth.oidc.errors import Distrusted, Unreachable
from server.auth.oidc.http_client import Fetcher, Json
from server.auth.oidc.registration import Registration

log = structlog.get_logger(__name__)

# The provider refuses us, and not the person: nobody comes in until the settings are right.
_OURS = {"invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_request", "invalid_scope"}


class Tokens(NamedTuple):
    """The signed statement of who signed in, and what opens the endpoint that tells more of them."""

    id_token: str
    access_token: str | None


async def exchange(
    fetcher: Fetcher, metadata: Metadata, registration: Registration, *, code: str, verifier: str, redirect_uri: str
) -> Tokens:
    """Redeem a code, as its owner: with the verifier, and the secret where there is one.

    Raises Distrusted where the provider refuses, and Unreachable.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    basic = None
    if registration.client_secret is None:
        form["client_id"] = registration.client_id
    elif metadata.by_basic:
        basic = (quote_plus(registration.client_id), quote_plus(registration.client_secret))
    else:
        form |= {"client_id": registration.client_id, "client_secret": registration.client_secret}
    answer = await fetcher.post(metadata.token_endpoint, form, basic=basic)
    if answer.is_trouble:
        raise Unreachable(f"status {answer.status}")
    if not answer.is_good:
        raise _refused(answer.body)
    id_token, access_token = answer.body.get("id_token"), answer.body.get("access_token")
    if not isinstance(id_token, str):
        raise Distrusted("the provider gave no ID token")
    return Tokens(id_token, access_token if isinstance(access_token, str) and access_token.isascii() else None)


async def ask_about(fetcher: Fetcher, metadata: Metadata, tokens: Tokens, subject: str) -> Json:
    """What the provider tells of the person beside the ID token; nothing, where it is about somebody else."""
    if metadata.userinfo_endpoint is None or tokens.access_token is None:
        return {}
    told = await fetcher.get(metadata.userinfo_endpoint, bearer=tokens.access_token)
    same = hmac.compare_digest(str(told.get("sub")).encode(), subject.encode())
    return told if same else {}


def _refused(body: Json) -> Distrusted:
    error = body.get("error")
    if error in _OURS:
        log.error("the identity provider refuses this installation: compare SLUICEGATE_OIDC_ with it", error=error)
    return Distrusted("the provider does not redeem the code")
