"""Every number of every scenario says who says so."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from railsim.scenario import find_sources, resolve, unsourced
from railsim.scenario.paths import join_path

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SOURCES = find_sources(SCENARIOS)
CHILDREN = sorted(p.stem for p in SCENARIOS.glob("*.toml") if p.stem != "base")


def numbers(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Dotted path and value of every number; a list of numbers is one value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner, (*path, key))
    elif isinstance(value, list) and flat(value):
        found = flat(value)
        yield join_path(path), found[0] if len(found) == 1 else tuple(found)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from numbers(inner, (*path, str(i)))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield join_path(path), float(value)


def flat(values: Any) -> list[float]:
    """The numbers of a list of numbers or of lists of numbers; else nothing."""
    found: list[float] = []
    for value in values:
        if isinstance(value, list) and flat(value):
            found += flat(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found.append(float(value))
        else:
            return []
    return found


def own_numbers(child: str) -> dict[str, Any]:
    """What a child file says itself; overlays are dotted paths already."""
    raw = tomllib.loads((SCENARIOS / f"{child}.toml").read_text(encoding="utf-8"))
    return {f"{child}:{path}": value for path, value in numbers(raw)}


def said(path: str) -> Any:
    return SOURCES[path].mode


@pytest.fixture(scope="module")
def base() -> dict[str, Any]:
    return dict(numbers(resolve(SCENARIOS / "base.toml").tables))


def test_no_number_of_the_base_scenario_lacks_a_source() -> None:
    assert unsourced(resolve(SCENARIOS / "base.toml"), SOURCES) == []


def test_the_likeliest_value_of_a_source_is_the_one_in_the_scenario(
    base: dict[str, Any],
) -> None:
    def alike(path: str, value: Any) -> bool:
        found = said(path)
        return found in (
            value,
            value[0] if value != () and _is_single(value) else value,
        )

    assert [path for path, value in base.items() if not alike(path, value)] == []


def _is_single(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 1


def test_no_source_speaks_of_a_number_that_is_gone(base: dict[str, Any]) -> None:
    known = set(base)
    for child in CHILDREN:
        known |= set(own_numbers(child))

    assert sorted(set(SOURCES) - known) == []


@pytest.mark.parametrize("child", CHILDREN)
def test_every_number_of_a_child_has_a_source_of_its_own(child: str) -> None:
    own = own_numbers(child)

    assert [path for path in own if path not in SOURCES] == []


def test_every_source_has_an_origin_and_a_reason_where_nobody_published_it() -> None:
    nameless = [path for path, source in SOURCES.items() if not source.source]
    unreasoned = [
        path
        for path, source in SOURCES.items()
        if source.grade in ("judged", "derived") and not source.remark
    ]

    assert nameless == []
    assert unreasoned == []
