"""What the API's models are made of: their base, their fields with descriptions, and types such as instants.

Field names are a contract (fields may be added). Instants are ISO 8601 with the venue's offset.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Annotated, Any, Self

import pytz
from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from app.domain import instants
from app.domain.program import Program


def to_bytes(value: object) -> bytes:
    """Encode models, dicts and lists compactly as UTF-8; the same value gives the same bytes."""
    # The attributes of a model are its fields in order, and all are JSON values.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=vars).encode()


def instant(program: Program, value: datetime) -> str:
    """An instant as ISO 8601 with the venue's offset."""
    return _local_text(program.zone, value)


# The same few instants are in many answers.
@lru_cache(maxsize=4096)
def _local_text(zone: pytz.BaseTzInfo, value: datetime) -> str:
    return instants.in_zone(value, zone).isoformat()


def _instant(value: datetime, info: ValidationInfo[Program]) -> str:
    return instant(info.context, value)


def _room_name(room: str | None, info: ValidationInfo[Program]) -> str:
    return info.context.room_name(room)


def _speaker_name(speaker: str, info: ValidationInfo[Program]) -> str:
    return info.context.speaker(speaker).name


def path_of(prefix: str) -> BeforeValidator:
    """Turn an id into the path of its page."""
    return BeforeValidator(lambda name: prefix + name)


def field(description: str, *examples: object, of: str = "", **options: Any) -> Any:
    """A field with its description; ``of`` is the attribute that it is read from where it has another name."""
    source = AliasPath(*of.split(".")) if of else None
    return Field(description=description, examples=list(examples) or None, validation_alias=source, **options)


Id = Annotated[str, Field(pattern="^[a-z0-9-]+$")]
Number = Annotated[int, Field(ge=1, json_schema_extra={"examples": [4]})]
RoomName = Annotated[str, BeforeValidator(_room_name)]
SpeakerName = Annotated[str, BeforeValidator(_speaker_name)]
Day = Annotated[
    str, BeforeValidator(date.isoformat), Field(json_schema_extra={"format": "date", "examples": ["2025-07-18"]})
]
Instant = Annotated[
    str,
    BeforeValidator(_instant),
    Field(json_schema_extra={"format": "date-time", "examples": ["2025-07-18T10:15:00-07:00"]}),
]


class Model(BaseModel):
    """A JSON object; its fields are read from the attributes of one of the domain's values."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)

    @classmethod
    def from_value(cls, value: object, program: Program) -> Self:
        """Build from a value; ``program`` gives the zone and the names of rooms and speakers."""
        return cls.model_validate(value, context=program)

    @classmethod
    def from_parts(cls, program: Program, **parts: object) -> Self:
        """Build from the program and other values, each under the name by which the fields read it."""
        return cls.from_value(SimpleNamespace(program=program, **parts), program)
