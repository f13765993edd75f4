"""What the server lends to every operation: passwords, cursors, limits; and the context that carries them."""

from collections.abc import Callable
from datetime import timedelta

from resolvers.context import Context
from resolvers.ports import Services
from resolvers.throttle import SignInLimits
from server.auth.audit_key import AuditKey
from server.auth.oidc.handles import SIGN_INS
from server.auth.oidc.provider import OpenIdProvider
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.graphql.cursors import SealedCursors
from server.settings import Settings


def make_services(settings: Settings, secret_key: bytes, passwords: Argon2Passwords) -> Services:
    """The services of one process."""
    return Services(
        passwords=passwords,
        cursors=SealedCursors(secret_key),
        signer=AuditKey(secret_key),
        plan_limits=settings.plan_limits,
        token_lifetime=timedelta(days=settings.token_days),
        oidc=make_provider(settings, secret_key),
        sign_in=SignInLimits(
            per_email=settings.sign_in_attempts,
            per_address=settings.sign_in_attempts_per_address,
            guesses_per_address=settings.token_guesses_per_address,
            guesses_per_account=settings.token_guesses_per_account,
            window=timedelta(seconds=settings.sign_in_window_seconds),
        ),
    )


def make_provider(settings: Settings, secret_key: bytes) -> OpenIdProvider | None:
    """The identity provider, where one is set; it is asked for nothing yet."""
    registration = settings.registration
    return OpenIdProvider(registration, SealedCursors(secret_key, SIGN_INS)) if registration else None


def context_of(database: Database, services: Services) -> Callable[[str | None, str | None], Context]:
    """Opens the context of an operation from its bearer token and the client's address."""

    def open_context(token: str | None, address: str | None) -> Context:
        return Context(sessions=database.sessions, token=token, address=address, services=services)

    return open_context
