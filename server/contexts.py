"""What the server lends to every operation: passwords, cursors, limits; and the context that carries them."""

from datetime import timedelta

from resolvers.context import Context, Services, SignInLimits
from server.database import Database
from server.graphql.cursors import SealedCursors
from server.graphql.endpoint import OpenContext
from server.passwords import Argon2Passwords
from server.settings import Settings


def make_services(settings: Settings, secret_key: bytes, passwords: Argon2Passwords) -> Services:
    """The services of one process."""
    return Services(
        passwords=passwords,
        cursors=SealedCursors(secret_key),
        plan_limits=settings.plan_limits,
        token_lifetime=timedelta(days=settings.token_days),
        sign_in=SignInLimits(
            per_email=settings.sign_in_attempts,
            per_address=settings.sign_in_attempts_per_address,
            window=timedelta(seconds=settings.sign_in_window_seconds),
        ),
    )


def context_of(database: Database, services: Services) -> OpenContext:
    """Opens the context of an operation from its bearer token and the client's address."""

    def open_context(token: str | None, address: str | None) -> Context:
        return Context(sessions=database.sessions, token=token, address=address, services=services)

    return open_context
