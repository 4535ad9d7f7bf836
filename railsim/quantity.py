"""Say a number's unit, meaning and range once, where the number is declared."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """Part of a scenario: frozen, strict, and nothing it does not know."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", allow_inf_nan=False
    )


def quantity(
    unit: str,
    meaning: str,
    *,
    default: Any = ...,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    usual: tuple[float, float] | None = None,
) -> Any:
    """Declare a field with its unit, meaning and range.

    `usual` is the range a value normally has; a value outside it is accepted with a
    warning. A `default` is only for what is absent (`None`, an empty table) or for a
    neutral element (no extra time, factor one): never for an assumption.
    """
    extra: dict[str, Any] = {"unit": unit}
    if usual is not None:
        extra["usual"] = list(usual)
    return Field(
        default, description=meaning, ge=ge, gt=gt, le=le, json_schema_extra=extra
    )


def label(meaning: str, *, default: Any = ..., min_length: int | None = None) -> Any:
    """Declare a field that holds no number: a name, a reference, a list of them."""
    return Field(default, description=meaning, min_length=min_length)
