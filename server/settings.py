"""What an operator can set: every SLUICEGATE_ variable with its meaning, bounds and default.

Read once at start-up. If no database is set, the embedded one is used (server/database/embedded).
docs/reference/settings.md is generated from the descriptions here: run `make reference` after a change.
"""

import difflib
import os
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from policies.vocabulary import Tier
from server.auth.oidc.registration import Registration, is_safe
from server.errors import BadSetting

PREFIX = "SLUICEGATE_"
OF_THE_TESTS = "SLUICEGATE_TEST_"
LEAST_KEY = 32


def _postgresql(value: SecretStr) -> SecretStr:
    url = value.get_secret_value().replace("postgresql+asyncpg://", "postgresql://", 1)
    if urlsplit(url).scheme not in {"postgresql", "postgres"}:
        raise ValueError("it should look like postgresql://user:password@host:5432/database")
    return SecretStr(url)


def _listed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())


def _separated(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _safe(value: str) -> str:
    if not is_safe(value):
        raise ValueError("it should begin with https://, or with http:// on this machine, and have no # or user in it")
    return value


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value) < LEAST_KEY:
        raise ValueError(f"it should have at least {LEAST_KEY} characters, not {len(value)}")
    return value


SecretKey = Annotated[SecretStr, AfterValidator(_long_enough)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_postgresql)]
Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Addresses = Annotated[
    tuple[Annotated[str, AfterValidator(_safe)], ...], NoDecode, BeforeValidator(_separated), Field(max_length=50)
]
Text = Annotated[str, Field(min_length=1, max_length=500)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


class Databases(NamedTuple):
    """How to reach the database: as the role that serves and, where known, as the role that owns the tables.

    `shared` says that one address stands for both, and that serving connections change their role at once.
    """

    serving: str
    owner: str | None
    shared: bool = False


class Settings(BaseSettings):
    """All settings; the variable of a field is its name in capitals after SLUICEGATE_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    database_url: DatabaseUrl | None = Field(
        default=None,
        description="PostgreSQL 15 or newer, as the serving role: no superuser, owner of no table. "
        "If not set, an embedded PostgreSQL is started.",
    )
    owner_database_url: DatabaseUrl | None = Field(
        default=None,
        description="The same database as the role that owns the tables. Used only to migrate.",
    )
    plain_database_url: DatabaseUrl | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="Used for both, with a warning, if neither of the two above is set.",
    )
    secret_key: SecretKey | None = Field(
        default=None,
        description="At least 32 random characters, the same for all servers of a database. Encrypts cursors and "
        "sign-in handles, and signs the audit log. Required with your own database; with the embedded one a key is "
        "created in the data directory.",
    )
    token_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=30, description="Days until a token from signing in expires."
    )
    sign_in_attempts: Count = Field(
        default=10,
        description="Failed sign-ins for one e-mail address, from one network, before it must wait; "
        "from all networks together ten times as many.",
    )
    sign_in_attempts_per_address: Count = Field(
        default=100, description="Failed sign-ins from one network before it must wait."
    )
    token_guesses_per_address: Count = Field(
        default=100,
        description="Unknown tokens from one network before further ones are answered with RATE_LIMITED.",
    )
    token_guesses_per_account: Count = Field(
        default=1000, description="The same for one account, from all networks together."
    )
    sign_in_window_seconds: Seconds = Field(
        default=900,
        description="Seconds of the window in which failed sign-ins and unknown tokens are counted.",
    )
    oidc_issuer: Annotated[str, AfterValidator(_safe)] | None = Field(
        default=None,
        description="Issuer of the OpenID Connect provider that people may sign in with, spelled exactly as in its "
        "discovery document.",
    )
    oidc_client_id: Text | None = Field(default=None, description="Client id of this installation at the provider.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="Client secret; not set for a public client."
    )
    oidc_redirect_uris: Addresses = Field(
        default=(),
        description="Redirect URIs of the front end that are registered at the provider; compared exactly.",
    )
    oidc_required_domain: Annotated[str, Field(pattern=r"^[^\s@,]+$")] | None = Field(
        default=None,
        description="Accept only e-mail addresses of this domain from the provider.",
    )
    pipelines_free: Count = Field(default=1, description="Pipelines an account may have on FREE.")
    pipelines_starter: Count = Field(default=2, description="Pipelines an account may have on STARTER.")
    pipelines_professional: Count = Field(default=15, description="Pipelines an account may have on PROFESSIONAL.")
    pipelines_enterprise: Count = Field(default=100, description="Pipelines an account may have on ENTERPRISE.")
    body_limit: Annotated[int, Field(ge=1024, le=1 << 30)] = Field(
        default=1 << 20, description="Maximum size of a request body in bytes."
    )
    max_depth: Count = Field(default=15, description="Maximum nesting depth of an operation.")
    max_tokens: Count = Field(default=5000, description="Maximum number of tokens in a document.")
    max_aliases: Count = Field(
        default=50, description="Maximum number of aliased fields in an operation, with fragments."
    )
    operation_seconds: Seconds = Field(default=10, description="Seconds before an operation is stopped with TIMEOUT.")
    introspection: bool = Field(default=True, description="Allow introspection, suggestions in errors, and GraphiQL.")
    compiled: bool = Field(
        default=True, description="Compile selections of plain fields. Responses are the same, only slower, without it."
    )
    allowed_origins: Listed = Field(
        default=(),
        description="Origins that may call the API from a browser (CORS). If not set, none.",
    )
    trusted_proxies: Listed = Field(
        default=(),
        description="Addresses or networks of reverse proxies whose X-Forwarded-For header is trusted.",
    )
    pool_size: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=20, description="Database connections, and so operations at the same time, of one process."
    )
    pool_seconds: Seconds = Field(
        default=5, description="Seconds an operation waits for a connection before OVERLOADED."
    )
    statement_cache: Annotated[int, Field(ge=0, le=100_000)] = Field(
        default=500, description="Prepared statements cached per connection; 0 behind a pooler such as PgBouncer."
    )
    worker_poll_seconds: Seconds = Field(default=0.5, description="Seconds between polls of an idle worker.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is logged."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto",
        description="`console` for people, `json` for one object per line; `auto` is `console` on a terminal, else "
        "`json`.",
    )

    @property
    def plan_limits(self) -> Mapping[Tier, int]:
        """How many pipelines an account may have on each service tier (S6, S7)."""
        return {
            Tier.FREE: self.pipelines_free,
            Tier.STARTER: self.pipelines_starter,
            Tier.PROFESSIONAL: self.pipelines_professional,
            Tier.ENTERPRISE: self.pipelines_enterprise,
        }

    @property
    def registration(self) -> Registration | None:
        """How the OpenID provider knows this installation; None where there is none."""
        if self.oidc_issuer is None:
            if self.oidc_client_id or self.oidc_client_secret or self.oidc_redirect_uris or self.oidc_required_domain:
                raise BadSetting("Settings that begin with SLUICEGATE_OIDC_ need SLUICEGATE_OIDC_ISSUER beside them.")
            return None
        if self.oidc_client_id is None or not self.oidc_redirect_uris:
            raise BadSetting(
                "SLUICEGATE_OIDC_ISSUER needs SLUICEGATE_OIDC_CLIENT_ID and SLUICEGATE_OIDC_REDIRECT_URIS beside it."
            )
        secret = self.oidc_client_secret
        return Registration(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            redirect_uris=self.oidc_redirect_uris,
            client_secret=secret.get_secret_value() if secret else None,
            required_domain=self.oidc_required_domain,
        )

    @property
    def databases(self) -> Databases | None:
        """The operator's own database, or None where the embedded one is meant."""
        if self.database_url is not None:
            owner = self.owner_database_url
            return Databases(self.database_url.get_secret_value(), owner.get_secret_value() if owner else None)
        if self.owner_database_url is not None:
            raise BadSetting("SLUICEGATE_OWNER_DATABASE_URL needs SLUICEGATE_DATABASE_URL beside it.")
        if self.plain_database_url is not None:
            url = self.plain_database_url.get_secret_value()
            return Databases(url, url, shared=True)
        return None


def load() -> Settings:
    """Read and check the settings; raises BadSetting with one sentence that names each variable at fault."""
    _refuse_unknown(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(f"{_variable(fault['loc'])}: {_said(fault['msg'])}" for fault in error.errors())
        raise BadSetting(f"A setting is not valid: {faults}.") from None


def names() -> frozenset[str]:
    """The variables that are known, without the plain DATABASE_URL."""
    fields = Settings.model_fields.items()
    return frozenset(PREFIX + name.upper() for name, field in fields if field.validation_alias is None)


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = [name.removeprefix(PREFIX) for name in names()]
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and not name.upper().startswith(OF_THE_TESTS):
            asked = name.upper().removeprefix(PREFIX)
            if asked not in known:
                near = difflib.get_close_matches(asked, known, 1)
                raise BadSetting(f"There is no setting {name}" + (f"; is {PREFIX}{near[0]} meant?" if near else "."))


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return name if name == "DATABASE_URL" else PREFIX + name.upper()


def _said(message: str) -> str:
    sentence = message.removeprefix("Value error, ").rstrip(".")
    return sentence[:1].lower() + sentence[1:]
