"""What an operator can set: every SLUICEGATE_ variable with its meaning, bounds and default.

Read once at start-up; where a database is not set the embedded one is used (server/database/embedded). The README's
table is written from the descriptions here.
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
        description="PostgreSQL 15 or newer, as the role that serves: it owns nothing and is no superuser. "
        "Unset, an embedded PostgreSQL is started.",
    )
    owner_database_url: DatabaseUrl | None = Field(
        default=None,
        description="The same database as the role that owns the tables; used to migrate, and for nothing else.",
    )
    plain_database_url: DatabaseUrl | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="Stands for both, with a warning, where neither of the two above is set.",
    )
    secret_key: SecretKey | None = Field(
        default=None,
        description="At least 32 characters, the same for all servers of a database; seals cursors and handles of "
        "sign-ins. Needed with a database of your own; beside the embedded one a key is made and kept in the data "
        "directory.",
    )
    token_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=30, description="Days until a sign-in token expires."
    )
    sign_in_attempts: Count = Field(
        default=10,
        description="Failed sign-ins for one e-mail address from one network before it must wait; "
        "ten times as many from all together.",
    )
    sign_in_attempts_per_address: Count = Field(
        default=100, description="Failed sign-ins from one network address before it must wait."
    )
    token_guesses_per_address: Count = Field(
        default=100,
        description="Tokens that nobody has, from one network address, after which more of them hear RATE_LIMITED.",
    )
    token_guesses_per_account: Count = Field(
        default=1000, description="The same for one account, from all networks together."
    )
    sign_in_window_seconds: Seconds = Field(
        default=900, description="Seconds over which failed sign-ins and guessed tokens are counted."
    )
    oidc_issuer: Annotated[str, AfterValidator(_safe)] | None = Field(
        default=None,
        description="Issuer of the OpenID provider by which people may sign in, exactly as it names itself; "
        "none unless set.",
    )
    oidc_client_id: Text | None = Field(default=None, description="What the provider knows this installation by.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="The secret agreed with the provider; a public client has none."
    )
    oidc_redirect_uris: Addresses = Field(
        default=(),
        description="Addresses, separated by commas, to which the provider may send people back; compared exactly.",
    )
    oidc_required_domain: Annotated[str, Field(pattern=r"^[^\s@,]+$")] | None = Field(
        default=None, description="Domain of the e-mail addresses that the provider may vouch for; any unless set."
    )
    pipelines_free: Count = Field(default=1, description="Pipelines an account may have on FREE.")
    pipelines_starter: Count = Field(default=2, description="Pipelines an account may have on STARTER.")
    pipelines_professional: Count = Field(default=15, description="Pipelines an account may have on PROFESSIONAL.")
    pipelines_enterprise: Count = Field(default=100, description="Pipelines an account may have on ENTERPRISE.")
    body_limit: Annotated[int, Field(ge=1024, le=1 << 30)] = Field(
        default=1 << 20, description="Bytes of the largest request body that is read."
    )
    max_depth: Count = Field(default=15, description="How deep the fields of an operation may nest.")
    max_tokens: Count = Field(default=5000, description="Tokens that a document may have.")
    max_aliases: Count = Field(default=50, description="Aliased fields that an operation may have, fragments counted.")
    operation_seconds: Seconds = Field(
        default=10, description="Seconds after which an operation is stopped with TIMEOUT."
    )
    introspection: bool = Field(
        default=True, description="Whether clients may ask for the schema, and get suggestions."
    )
    compiled: bool = Field(
        default=True, description="Whether selections of plain fields are compiled; the answers are the same."
    )
    allowed_origins: Listed = Field(
        default=(),
        description="Origins, separated by commas, whose pages may call the API from a browser; none unless set.",
    )
    trusted_proxies: Listed = Field(
        default=(),
        description="Addresses or networks, separated by commas, of proxies whose X-Forwarded-For is believed.",
    )
    pool_size: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=20, description="Database connections of one process."
    )
    pool_seconds: Seconds = Field(default=5, description="Seconds that an operation waits for a free connection.")
    statement_cache: Annotated[int, Field(ge=0, le=100_000)] = Field(
        default=500, description="Prepared statements kept on a connection; 0 behind a pooler such as PgBouncer."
    )
    worker_poll_seconds: Seconds = Field(
        default=0.5, description="Seconds between two looks of an idle worker for work."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least level that is logged."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="`console` for people, `json` a line; `auto` takes the first on a terminal."
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
