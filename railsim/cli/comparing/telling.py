"""Two runs compared, for the screen, as Markdown and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from railsim.cli.gating.telling import markdown_cell
from railsim.report.changes import (
    causes_of,
    counts,
    headlines,
    inputs_of,
    keys_of,
    mark_of,
    name_of,
    numbers_of,
    order,
    parts_of,
    tables_of,
)
from railsim.report.labels import words_of
from railsim.scenario.paths import join_path, printable

if TYPE_CHECKING:
    from railsim.results.comparing.attributing import Attribution
    from railsim.results.comparing.comparing import Comparison
    from railsim.results.comparing.outputs import OutputChange

MOST_LINES = 40
ENGLISH = words_of("en")


def lines(found: Comparison, attribution: Attribution | None) -> Iterator[str]:
    """The answer for a terminal."""
    yield printable(f"{found.before.name} -> {found.after.name}")
    if found.is_same:
        yield "nothing differs"
        return
    yield f"{len(found.inputs)} inputs differ"
    for path, before, after, unit in inputs_of(found)[:MOST_LINES]:
        yield printable(f"  {path}  {before} -> {after} {unit}".rstrip())
    yield from _rest(len(found.inputs))
    yield counts(found, ENGLISH)
    for number, cause in enumerate(causes_of(attribution), start=1):
        yield printable(f"  cause {number}: {cause}")
    told = headlines(found)
    for output in told[:MOST_LINES]:
        before, after, change = numbers_of(output)
        said = f"{before} -> {after}, change {change}  {mark_of(output, ENGLISH)}"
        yield printable(f"  {name_of(found, output)}: {said}".rstrip())
        parts = enumerate(parts_of(attribution, output), start=1)
        if shown := "   ".join(f"{number}: {part}" for number, part in parts):
            yield f"      {shown}"
    yield from _rest(len(told))
    for name, said in tables_of(found):
        yield printable(f"table {name}: {said}")
    yield from order(attribution)


def markdown_lines(found: Comparison, attribution: Attribution | None) -> Iterator[str]:
    """The answer as a page for a review."""
    cell = markdown_cell
    yield f"### {cell(found.before.name)} → {cell(found.after.name)}"
    yield ""
    if found.is_same:
        yield "Nothing differs."
        return
    yield from _grid(("input", "before", "after", "unit"), inputs_of(found))
    yield counts(found, ENGLISH)
    yield ""
    rows = [
        (
            name_of(found, output),
            *numbers_of(output),
            mark_of(output, ENGLISH),
            *parts_of(attribution, output),
        )
        for output in headlines(found)
    ]
    heads = ("output", "before", "after", "change", "", *causes_of(attribution))
    yield from _grid(heads, rows)
    yield from _grid(("table", "differs in"), tables_of(found))
    yield from order(attribution)


def json_lines(found: Comparison, attribution: Attribution | None) -> Iterator[str]:
    """Everything, for other programs."""
    from railsim.results.running import as_json

    told = {
        "before": found.before.name,
        "after": found.after.name,
        "is_same": found.is_same,
        "inputs": [
            {"path": join_path(c.path), "before": c.before, "after": c.after}
            for c in found.inputs
        ],
        "outputs": [_output(found, attribution, output) for output in found.outputs],
        "tables": [asdict(table) for table in found.tables],
        "is_one_order": None if attribution is None else attribution.is_ordered,
    }
    yield as_json(told)


def _output(
    found: Comparison, attribution: Attribution | None, output: OutputChange
) -> dict[str, Any]:
    return {
        **keys_of(found, output),
        "before": output.before.mean,
        "after": output.after.mean,
        "difference": output.change.difference,
        "difference_ci95": _known(output.change.half_width),
        "is_paired": output.change.is_paired,
        "result": output.result,
        **_caused(attribution, output),
    }


def _caused(attribution: Attribution | None, output: OutputChange) -> dict[str, Any]:
    if attribution is None or output.cell not in attribution.parts:
        return {}
    told = zip(causes_of(attribution), attribution.parts[output.cell], strict=True)
    return {
        "parts": [
            {"cause": name, "value": _known(p.value), "ci95": _known(p.half_width)}
            for name, p in told
        ]
    }


def _known(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _rest(count: int) -> Iterator[str]:
    if count > MOST_LINES:
        yield f"  and {count - MOST_LINES} more (--json has all)"


def _grid(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    body = list(rows)
    if not body:
        return
    names = [markdown_cell(head) for head in heads]
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in body:
        yield f"| {' | '.join(map(markdown_cell, row))} |"
    yield ""
