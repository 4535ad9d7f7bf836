"""Make the record, and turn what pydantic finds into findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import ValidationError

from railsim.quantity import Record
from railsim.scenario.checks.fields import (
    Spec,
    fields_of,
    is_number,
    is_table,
    members_of,
    number_text,
    record_of,
    step_into,
    tags_of,
    wanted_number,
)
from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments, quote, show
from railsim.scenario.schema import Scenario

Kept = TypeVar("Kept", bound=Record)
_LIMITS = {
    "greater_than_equal": ("must be at least {}", "ge"),
    "greater_than": ("must be above {}", "gt"),
    "less_than_equal": ("must be at most {}", "le"),
    "less_than": ("must be below {}", "lt"),
}


def make_record(tables: Mapping[str, Any]) -> tuple[Scenario | None, list[Finding]]:
    """The scenario of the tables, or why there is none."""
    return make_record_of(Scenario, tables)


def remake_record(
    base: Scenario, tables: Mapping[str, Any], changed: Collection[Segments]
) -> tuple[Scenario | None, list[Finding]]:
    """The same for tables that are those of `base` but for some paths.

    Tables in which nothing changed, and entries of tables, are those of `base` itself.
    """
    touched = {path[0] for path in changed}
    kept = {name: getattr(base, name) for name in tables if name not in touched}
    renewed = {
        name: _renewed(tables[name], getattr(base, name, None), name, changed)
        for name in tables
        if name in touched
    }
    made, findings = _validate(Scenario, {**kept, **renewed}, tables)
    return made and made.model_copy(update=kept), findings


def _renewed(table: Any, known: Any, name: str, changed: Collection[Segments]) -> Any:
    """A table some entries of which are made already."""
    if (name,) in changed or not isinstance(known, dict):
        return table
    entries = {path[1] for path in changed if path[0] == name}
    return {key: v if key in entries else known[key] for key, v in table.items()}


def make_record_of(
    kind: type[Kept], tables: Mapping[str, Any]
) -> tuple[Kept | None, list[Finding]]:
    """The record of a kind that the tables are, or why there is none."""
    return _validate(kind, tables, tables)


def _validate(
    kind: type[Kept], parts: Mapping[str, Any], tables: Mapping[str, Any]
) -> tuple[Kept | None, list[Finding]]:
    """The record of `parts`, some of which are made already from their `tables`."""
    try:
        return kind.model_validate(_with_tuples(parts)), []
    except ValidationError as error:
        return None, [
            _find(details, tables, Spec(kind))
            for details in error.errors(include_url=False)
            if not _is_echo(details)
        ]


def _with_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_tuples(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(_with_tuples(inner) for inner in value)
    return value


def _is_echo(details: Any) -> bool:
    """A list that fails inside fails as a word or by its length too."""
    kind, found = details["type"], details["input"]
    if not isinstance(found, list | tuple):
        return False
    is_short = kind == "too_short" and len(found) < details["ctx"]["min_length"]
    is_word_of_several = str(details["loc"][-1]).startswith("literal[")
    return is_word_of_several or (kind == "too_short" and not is_short)


def _find(details: Any, tables: Mapping[str, Any], root: Spec) -> Finding:
    path, spec, table_spec = _follow(details["loc"], tables, root)
    kind, found = details["type"], details["input"]
    context = details.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(path, table_spec, _table_at(tables, path[:-1]))
    if kind == "missing":
        return _missing(path, spec, found)
    if kind == "union_tag_not_found":
        tag = str(context["discriminator"]).strip("'")
        help_ = f"one of {_list_tags(spec)}"
        return Finding("E104", (*path, tag), "missing value", help_)
    if kind == "union_tag_invalid":
        tag = str(context["discriminator"]).strip("'")
        return _not_in_list((*path, tag), context["tag"], _tags(spec))
    if kind == "value_error":
        return Finding("E111", path, str(context["error"]))
    if kind in _LIMITS:
        return _out_of_range(path, spec, found, kind, context)
    if kind in ("too_short", "too_long"):
        return _wrong_size(path, kind, context)
    return _wrong_value(path, spec, found)


def _follow(
    location: tuple[str | int, ...], tables: Any, root: Spec
) -> tuple[Segments, Spec | None, Spec | None]:
    """The path in the files, without the words pydantic adds for unions and keys."""
    path: Segments = ()
    spec: Spec | None = root
    parent: Spec | None = None
    value = tables
    is_tag_next = False
    for segment in location:
        if is_tag_next and segment in _tags(spec):
            is_tag_next = False
            continue
        if spec is None or not _belongs(spec, value, segment):
            continue
        parent, spec = spec, step_into(spec, value, segment)
        path = (*path, segment)
        value = _child(value, segment)
        is_tag_next = len(_tags(spec)) > 1
    return path, spec, parent


def _belongs(spec: Spec, value: Any, segment: str | int) -> bool:
    if isinstance(value, dict) and segment in value:
        return True
    if isinstance(segment, int):
        return any(get_origin(m) is tuple for m in members_of(spec.kind))
    record = record_of(spec, value)
    return record is not None and segment in fields_of(record)


def _unknown_key(path: Segments, spec: Spec | None, table: Any) -> Finding:
    record = record_of(spec, table) if spec else None
    choices = tuple(fields_of(record)) if record else ()
    word = str(path[-1])
    return Finding(
        "E101", path, "unknown key", word=word, choices=choices, is_in_key=True
    )


def _missing(path: Segments, spec: Spec | None, found: Any) -> Finding:
    if path and isinstance(path[-1], int):
        size = len(found) if isinstance(found, list | tuple) else 0
        message = f"the list is too short: it has {size} values"
        return Finding("E102", path[:-1], message)
    unit = f" ({spec.unit_text.strip()})" if spec and spec.unit_text else ""
    help_ = f"{spec.meaning}{unit}" if spec else ""
    return Finding("E104", path, "missing value", help_)


def _out_of_range(
    path: Segments, spec: Spec | None, found: Any, kind: str, context: Any
) -> Finding:
    text, key = _LIMITS[kind]
    limit = number_text(context[key], spec.unit if spec else "")
    unit = spec.unit_text if spec else ""
    message = f"{text.format(limit)}, found {show(found)}{unit}"
    return Finding("E103", path, message, spec.range_text if spec else "")


def _wrong_size(path: Segments, kind: str, context: Any) -> Finding:
    if kind == "too_short":
        count = context["min_length"]
        noun = "entry" if count == 1 else "entries"
        return Finding("E103", path, f"needs at least {count} {noun}")
    return Finding("E102", path, f"the list is too long: {context['max_length']} fit")


def _wrong_value(path: Segments, spec: Spec | None, found: Any) -> Finding:
    words = _words(spec)
    is_only_words = bool(words) and spec is not None and len(members_of(spec.kind)) == 1
    if is_only_words and isinstance(found, str):
        return _not_in_list(path, found, words)
    return Finding("E102", path, f"must be {_wanted(spec)}, found {show(found)}")


def _not_in_list(path: Segments, found: Any, words: tuple[str, ...]) -> Finding:
    listed = ", ".join(words)
    message = f"must be one of {listed}, found {quote(str(found))}"
    return Finding("E103", path, message, word=str(found), choices=words)


def _wanted(spec: Spec | None) -> str:
    """In words: what may stand here."""
    if spec is None:
        return "something else"
    if is_number(spec):
        return wanted_number(spec)
    parts = [_wanted_of(member, spec) for member in members_of(spec.kind)]
    return " or ".join(dict.fromkeys(parts))


def _wanted_of(member: Any, spec: Spec) -> str:
    if member is str:
        return "text"
    if member is bool:
        return "true or false"
    if get_origin(member) is Literal:
        return ", ".join(f'"{word}"' for word in get_args(member))
    if get_origin(member) is tuple:
        return "a list"
    return "a table" if is_table(spec) else "something else"


def _words(spec: Spec | None) -> tuple[str, ...]:
    if spec is None:
        return ()
    members = members_of(spec.kind)
    return tuple(
        word for m in members if get_origin(m) is Literal for word in get_args(m)
    )


def _tags(spec: Spec | None) -> tuple[str, ...]:
    if spec is None:
        return ()
    records = [m for m in members_of(spec.kind) if isinstance(m, type)]
    return tuple(
        word
        for m in records
        if hasattr(m, "model_fields")
        for word in tags_of(m).values()
    )


def _list_tags(spec: Spec | None) -> str:
    return ", ".join(_tags(spec))


def _table_at(tables: Any, path: Segments) -> Any:
    for segment in path:
        tables = _child(tables, segment)
    return tables


def _child(value: Any, segment: str | int) -> Any:
    try:
        return value[segment]
    except (LookupError, TypeError):
        return None
