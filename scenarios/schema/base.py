"""What all models of the scenario language share: strict, frozen, unknown keys refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

__all__ = ["IDENTIFIER", "Day", "Label", "Model", "Name", "Names", "complaint", "optional"]

IDENTIFIER: Final = r"^[a-z][a-z0-9_]*$"

Name = Annotated[str, Field(pattern=IDENTIFIER)]


class Model(BaseModel):
    """Base of every mapping of the language."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )


def complaint(code: str, **values: Any) -> PydanticCustomError:
    """An error of our own, to be raised in a validator.

    Args:
        code: Below ``finding.scenario`` in the catalogue of texts.
        values: What its sentences need.
    """
    return PydanticCustomError(code, "{code}", {"code": code, **values})


def optional(description: str) -> Any:
    """A field that may be left out, without a default of its own."""
    return Field(default=None, description=description)


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise complaint("type.date")


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A calendar day, written 2022-01-31."""


class Label(Model):
    """What people read, in both languages."""

    zh: str = Field(min_length=1, description="In Chinese.")
    en: str = Field(min_length=1, description="In English.")


class Names(Model):
    """Another name for an element than the diagram's."""

    zh: str | None = Field(default=None, min_length=1, description="In Chinese; the diagram's name if left out.")
    en: str | None = Field(default=None, min_length=1, description="In English; the diagram's name if left out.")
