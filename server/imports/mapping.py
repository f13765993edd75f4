"""The mapping file: what the columns of an event log mean, told by the operator in TOML.

What it says wrong is told in one sentence; whether its columns are in the file is seen when the file is opened.
"""

import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from domain.errors import Invalid
from domain.labels import LONGEST_LABEL, clean_label
from domain.tickets import Priority
from server.errors import CannotStart
from server.imports.table import fault

FIELD = re.compile(r"\{([^{}]*)\}")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}; one is, for instance, 'Europe/Amsterdam'") from None
    return name


def _time_format(text: str) -> str:
    now = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    try:
        read = datetime.strptime(now.strftime(text), text)  # noqa: DTZ007 (only whether it can be read counts)
    except ValueError as error:
        raise ValueError(f"{text!r} is no format for times ({error}); one is, for instance, '%d-%m-%Y %H:%M'") from None
    if read.date() != now.date():
        raise ValueError(f"{text!r} does not tell day, month and year; one is, for instance, '%d-%m-%Y %H:%M'")
    return text


def _kept(text: str) -> str:
    wrong = fault(text)
    if wrong is not None:
        raise ValueError(wrong)
    return text


def _label(text: str) -> str:
    try:
        return clean_label(text)
    except Invalid as refusal:
        raise ValueError(refusal.message) from None


Template = Annotated[str, AfterValidator(_kept)]
Text = Annotated[Template, Field(min_length=1)]
Label = Annotated[Text, Field(max_length=LONGEST_LABEL), AfterValidator(_label)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Part):
    """Which column holds what; only the first three must be there."""

    number: Text
    stage: Text
    time: Text
    actor: Text | None = None
    owner: Text | None = None
    team: Text | None = None
    priority: Text | None = None


class Stages(_Part):
    """What the values of the stage column mean: which are CLOSED, in which order missing ones are made, and which
    label or internal name stands for them here where it is another.
    """

    closed: tuple[Text, ...] = ()
    order: tuple[Text, ...] = ()
    names: dict[Text, Label] = {}


class Mapping(_Part):
    """A mapping file. Times without an offset are of `time_zone`; without `time_format` they are ISO 8601.

    `subject` and `content` are templates: `{column}` stands for the value of that column; an empty subject becomes the
    ticket's number. `properties` says for each
    label of a custom property which column fills it.
    """

    source: Annotated[Label, Field(pattern=r"^[^/]+$")]
    pipeline: Label | None = None
    create_pipeline: bool = False
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    time_format: Annotated[str, AfterValidator(_time_format)] | None = None
    none: tuple[str, ...] = ()
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    subject: Template = ""
    content: Template = ""
    columns: Columns
    stages: Stages = Stages()
    priorities: dict[str, Priority] = {}
    properties: dict[Label, Text] = {}

    def named_columns(self) -> Iterable[tuple[str, str]]:
        """Every column that is named, and where."""
        for name, column in self.columns:
            if column is not None:
                yield f"columns.{name}", column
        yield from ((f"properties.{label!r}", column) for label, column in self.properties.items())
        for name, template in (("subject", self.subject), ("content", self.content)):
            yield from ((name, column) for column in FIELD.findall(template))


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file; CannotStart says in one sentence what is wrong with it."""
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")), strict=False)
    except ValidationError as error:
        faults = "; ".join(f"{_place(each['loc'])}: {_said(each['msg'])}" for each in error.errors())
        raise CannotStart(f"The mapping {path} is not valid: {faults}.") from None
    except RecursionError:
        raise CannotStart(f"The mapping {path} cannot be read: it is nested too deeply.") from None
    except (OSError, ValueError) as error:
        raise CannotStart(f"The mapping {path} cannot be read: {error}.") from None


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location if part != "[key]")


def _said(message: str) -> str:
    said = {"Extra inputs are not permitted": "there is no such key", "Field required": "it is missing"}
    sentence = said.get(message, message.removeprefix("Value error, ")).rstrip(".")
    return sentence[:1].lower() + sentence[1:]
