"""What differs between two runs, in words: rows that every way of telling shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from railsim.report.digits import plus_minus
from railsim.report.labels import Words
from railsim.scenario.paths import join_path

if TYPE_CHECKING:
    from railsim.results.comparing.attributing import Attribution
    from railsim.results.comparing.comparing import Comparison
    from railsim.results.comparing.outputs import OutputChange

LONGEST = 40
# What people look at first; all the rest is counted here and told by --json.
HEADLINES: tuple[Mapping[str, str], ...] = (
    {"table": "starts", "column": "opens_year"},
    {"table": "cba_summary", "metric": "eirr", "scope": "window"},
    {"table": "starts", "column": "enpv_usd"},
    {"table": "finance_summary", "scope": "owner", "metric": "dscr_min"},
    {"table": "finance_summary", "scope": "treasury", "metric": "subsidy_pv"},
    {"table": "finance_summary", "scope": "state", "metric": "debt_gdp_peak_delta"},
    {"table": "summary", "column": "share"},
    {"table": "summary", "column": "money_usd_per_teu"},
    {"table": "summary", "column": "time_mean_h"},
)
SMALL = 1e-3  # a change below this share of either value is no headline


def counts(found: Comparison, words: Words) -> str:
    """How many outputs changed, and how they were compared."""
    if not found.outputs:
        return words("page.nothing_to_compare")
    results = [output.result for output in found.outputs]
    return words(
        "page.changed",
        all=len(results),
        **{name: results.count(name) for name in ("changed", "noise", "same")},
        paired=sum(output.change.is_paired for output in found.outputs),
    )


def mark_of(output: OutputChange, words: Words) -> str:
    """What must be known of a change beside its number."""
    marks = {"noise": "page.noise", "unknown": "page.unknown"}
    return words(marks[output.result]) if output.result in marks else ""


def headlines(found: Comparison) -> list[OutputChange]:
    """What differs by more than SMALL, in the order of HEADLINES."""
    differing = [o for o in found.outputs if o.result != "same" and not _is_small(o)]
    if "table" not in found.key_names:
        return differing
    return [
        output
        for headline in HEADLINES
        for output in differing
        if headline.items() <= keys_of(found, output).items()
    ]


def _is_small(output: OutputChange) -> bool:
    size = max(abs(output.before.mean), abs(output.after.mean))
    return abs(output.change.difference) < SMALL * size


def keys_of(found: Comparison, output: OutputChange) -> dict[str, Any]:
    """What an output is of; keys that its table lacks are left out."""
    pairs = zip(found.key_names, output.cell, strict=True)
    return {name: word for name, word in pairs if word is not None}


def name_of(found: Comparison, output: OutputChange) -> str:
    """The world first, then the other keys."""
    keys = keys_of(found, output)
    world = keys.pop("alternative", None)
    what = " ".join(str(word) for word in keys.values())
    return f"{world}: {what}" if world else what


def numbers_of(output: OutputChange) -> tuple[str, str, str]:
    """Before, after and the change, each with its half-width."""
    sides = (output.before, output.after)
    before, after = (plus_minus(s.mean, s.interval()[1] - s.mean) for s in sides)
    change = output.change
    return before, after, plus_minus(change.difference, change.half_width)


def inputs_of(found: Comparison) -> list[tuple[str, str, str, str]]:
    """Path, both values and unit of the inputs that differ."""
    units = {
        row["path"]: row["unit"]
        for run in (found.before, found.after)
        for row in run.rows("assumptions")
    }
    return [
        (path, _said(change.before), _said(change.after), units.get(path, ""))
        for change in found.inputs
        for path in [join_path(change.path)]
    ]


def _said(value: Any) -> str:
    from railsim.results.assumptions import write_value

    if value is None:
        return "nothing"
    text = str(write_value(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def tables_of(found: Comparison) -> list[tuple[str, str]]:
    """What differs in which table."""
    told = []
    for table in found.tables:
        said = [f"{table.cells:,} of {table.of:,} cells"]
        if table.only_before or table.only_after:
            said.append(f"{table.only_before:,} rows gone, {table.only_after:,} new")
        told.append((table.name, "; ".join(said)))
    return told


def causes_of(attribution: Attribution | None) -> list[str]:
    """Names of the groups of inputs."""
    return [] if attribution is None else [g.name for g in attribution.groups]


def parts_of(attribution: Attribution | None, output: OutputChange) -> list[str]:
    """What each cause did to an output."""
    parts = () if attribution is None else attribution.parts.get(output.cell, ())
    return [plus_minus(part.value, part.half_width) for part in parts]


def order(attribution: Attribution | None) -> Iterator[str]:
    """What the parts are."""
    if attribution is None:
        return
    if attribution.is_ordered:
        yield "parts in the order of the scenario: another order gives other parts"
    else:
        yield "parts are Shapley's values: averages over all orders of change"
