"""pydantic's errors as lines a manager can act on: field, value, what is allowed. Never "Input should be …"."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from kiosk.rules.intervals import Interval
from kiosk.translations import _

_LONGEST_VALUE = 60


def problems_of(error: ValidationError, model: type[BaseModel]) -> tuple[str, ...]:
    """One line a wrong field, in the order of the file's sections."""
    return tuple(_line(one, model) for one in error.errors(include_url=False))


def _line(one: Mapping[str, Any], model: type[BaseModel]) -> str:
    path = _path(one["loc"])
    if one["type"] == "extra_forbidden":
        return f"{path}: " + _("there is no such key; known here: {keys}", keys=", ".join(_keys(one["loc"], model)))
    if one["type"] == "missing":
        return f"{path}: " + _("is missing")
    allowed = _("allowed: {what}", what=_allowed(one["type"], one.get("ctx", {})))
    return f"{path}: {allowed}" if isinstance(one["input"], Mapping) else f"{path} = {_shown(one['input'])}: {allowed}"


def _path(loc: Sequence[int | str]) -> str:
    """`hours.exceptions[2].hours[1]`, counting from 1 as people do."""
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _shown(value: object) -> str:
    """The value as it stands in the file, cut short."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _plain(value: object) -> object:
    if isinstance(value, Interval):
        return str(value).replace("–", "-")
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    return value.isoformat() if isinstance(value, date) else str(value)


def _keys(loc: Sequence[int | str], model: type[BaseModel]) -> list[str]:
    """The keys known beside the unknown one."""
    here = model
    for part in loc[:-1]:
        if isinstance(part, str):
            here = _model_in(here.model_fields[part].annotation) or here
    return [field.alias or name for name, field in here.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside `Model`, `Model | None` or `tuple[Model, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found:
            return found
    return None


def _allowed(kind: str, ctx: Mapping[str, Any]) -> str:
    """What the field accepts, in words."""
    if kind in {"greater_than", "greater_than_equal", "less_than_equal"}:
        limit = next(iter(ctx.values()))
        limit = int(limit) if limit == int(limit) else limit
        words = {
            "greater_than": _("a number above {limit}", limit=limit),
            "greater_than_equal": _("{limit} or more", limit=limit),
            "less_than_equal": _("{limit} at most", limit=limit),
        }
        return words[kind]
    if kind == "value_error":
        return str(ctx["error"])
    if kind == "literal_error":
        return str(ctx["expected"])
    if kind in {"too_short", "string_too_short"}:
        return _("not empty")
    if kind == "too_long":
        return _("{limit} at most", limit=ctx["max_length"])
    if kind == "string_too_long":
        return _("{limit} letters at most", limit=ctx["max_length"])
    return _kinds().get(kind, _("another kind of value"))


def _kinds() -> dict[str, str]:
    number, whole, table = _("a number"), _("a whole number"), _("a table of keys")
    return {
        "float_type": number,
        "finite_number": number,
        "int_type": whole,
        "bool_type": _("true or false"),
        "string_type": _("text in quotes"),
        "tuple_type": _("a list in square brackets"),
        "model_type": table,
        "model_attributes_type": table,
        "date_type": _("a date such as 2026-09-02, without quotes"),
    }
