"""The brief that any run or sweep can give, in the words of a language."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from railsim.errors import InputError
from railsim.report.brief.schema import (
    WORDS,
    Brief,
    Claim,
    Number,
    Section,
    Sentence,
    Table,
)
from railsim.report.figures.style import MODES
from railsim.report.labels import Words
from railsim.report.page.answers import LINES, certainty
from railsim.report.verdicts import project_name
from railsim.results.gates.judging import statistic_of
from railsim.results.gates.measuring import Source
from railsim.results.reading import Run, reported_year
from railsim.study.sweep.cells import World

BILLIONTHS, PERCENT = 1e-9, 100.0
LIMIT_OF_COVER = 1.0
MOST_ROWS, MOST_WORLDS = 20, 3  # that find room on two pages


def standard_brief(source: Source, words: Words, pictures: Sequence[str]) -> Brief:
    """Worth, traffic, when to begin and how sure, as far as the run has numbers."""
    run = source.run
    draft = _Draft(run, words, source, pictures)
    parts = list(_of_sweep(draft) if run.is_sweep else _of_run(draft))
    sure = [_plain(_literal(line)) for line in certainty(run, words).lines]
    parts.append(Section(heading=words("brief.sure"), sentences=tuple(sure)))
    title = words("brief.title", title=run.manifest["title"])
    return Brief(title=title, numbers=draft.numbers, sections=tuple(parts))


@dataclass
class _Draft:
    """A brief in the making: its numbers, and the words for what they claim."""

    run: Run
    words: Words
    source: Source
    pictures: Sequence[str]
    numbers: dict[str, Number] = field(default_factory=dict)

    def add(self, **told: Any) -> tuple[str, float]:
        """Name and mean of a number, NaN where the run has none there."""
        name, number = f"n{len(self.numbers)}", Number(**told)
        mean = self.mean(number)
        if math.isfinite(mean):
            self.numbers[name] = number
        return name, mean

    def mean(self, number: Number) -> float:
        """As it is shown; NaN where the run has none."""
        try:
            found = self.source.measure(number)
        except InputError:
            return math.nan
        value, low, high = statistic_of(number, found)
        is_known = number.statistic == "mean" or math.isfinite(high - low)
        return number.factor * value if is_known else math.nan

    def say(self, key: str, blank: str, name: str, **others: str) -> Sentence:
        """A plain sentence about a number."""
        return _plain(self._text(key, blank, name, others))

    def claim(
        self, key: str, blank: str, name: str, claim: Claim, **others: str
    ) -> Sentence:
        """A sentence as strong as the number allows."""
        texts = {
            f"says_{word}": self._text(f"{key}_{word}", blank, name, others)
            for word in WORDS.values()
        }
        return Sentence(claim=claim, **texts)

    def _text(self, key: str, blank: str, name: str, others: Mapping[str, str]) -> str:
        known = {blank: f"{{{name}}}", **{k: _literal(v) for k, v in others.items()}}
        return self.words(f"brief.{key}", **known)

    def picture(self, *kinds: str) -> tuple[str, ...]:
        """The first picture of each kind that there is."""
        found = (
            next((name for name in self.pictures if name.startswith(kind)), None)
            for kind in kinds
        )
        return tuple(name for name in found if name is not None)

    def title_of(self, world: str) -> str:
        """What people call a world."""
        titles = self.run.manifest["alternatives"]
        return str(titles.get(world, {}).get("title") or world)


def _plain(text: str) -> Sentence:
    return Sentence(says=text)


def _literal(text: str) -> str:
    """Text in which braces mean nothing."""
    return text.replace("{", "{{").replace("}", "}}")


def _of_run(draft: _Draft) -> Iterator[Section]:
    words = draft.words
    known = [row["alternative"] for row in _rows(draft.run, "starts")]
    builders = known[:MOST_WORLDS]
    rows = list(draft.run.rows("summary"))
    year = reported_year(draft.run, {row["year"] for row in rows})
    for world in builders:
        heading = words("brief.worth") if world == builders[0] else ""
        shown = draft.picture("debt_service") if world == builders[-1] else ()
        sentences = tuple(_worth(draft, world))
        yield Section(heading=heading, sentences=sentences, pictures=shown)
    yield _traffic(draft, year, [row for row in rows if row["year"] == year])
    if later := tuple(_better(draft, builders)):
        yield Section(heading=words("brief.better"), sentences=later)
    if more := len(known) - len(builders):
        yield Section(sentences=(_plain(words("brief.more", count=more)),))


def _worth(draft: _Draft, world: str) -> Iterator[Sentence]:
    """When a world's line opens, and what it is worth to society, owner and state."""
    yield from _openings(draft, world)
    where = {"alternative": world}
    starts = {"table": "starts", "column": "enpv_usd", "where": where}
    name, enpv = draft.add(**starts, factor=BILLIONTHS)
    if math.isfinite(enpv):
        key, side = ("gain", "above") if enpv > 0.0 else ("loss", "below")
        claim = Claim(number=name, **{side: 0.0})
        yield draft.claim(key, "enpv", name, claim)
    eirr = {"metric": "eirr", "scope": "window"}
    yield from _said(draft, "eirr", "cba_summary", {**where, **eirr}, PERCENT, " %")
    cover = {**where, "scope": "owner", "metric": "dscr_min"}
    name, dscr = draft.add(table="finance_summary", column="value", where=cover)
    if math.isfinite(dscr):
        is_enough = dscr > LIMIT_OF_COVER
        key, side = ("covered", "above") if is_enough else ("uncovered", "below")
        claim = Claim(number=name, **{side: LIMIT_OF_COVER})
        yield draft.claim(key, "dscr", name, claim)
    paid = {**where, "scope": "treasury", "metric": "subsidy_pv"}
    yield from _said(draft, "treasury", "finance_summary", paid, BILLIONTHS, "")
    owed = {**where, "scope": "state", "metric": "debt_gdp_peak_delta"}
    yield from _said(draft, "debt", "finance_summary", owed, PERCENT, " %")


def _openings(draft: _Draft, world: str) -> Iterator[Sentence]:
    for row in _rows(draft.run, "project"):
        if row["alternative"] != world or not row["item"].startswith("opening."):
            continue
        where = {k: row[k] for k in ("alternative", "project", "item")}
        told = {"table": "project", "column": "value", "where": where}
        name, day = draft.add(**told, is_year=True)
        if math.isfinite(day):
            project = project_name(draft.run, row["project"])
            title = draft.title_of(world)
            yield draft.say("opens", "opens", name, world=title, project=project)


_BLANKS = {"eirr": "eirr", "treasury": "subsidy", "debt": "debt"}


def _said(
    draft: _Draft,
    key: str,
    table: str,
    where: Mapping[str, str],
    factor: float,
    unit: str,
) -> Iterator[Sentence]:
    name, mean = draft.add(
        table=table, column="value", where=where, factor=factor, unit=unit
    )
    if math.isfinite(mean) and mean != 0.0:
        yield draft.say(key, _BLANKS[key], name)


def _traffic(draft: _Draft, year: str, rows: Sequence[dict[str, str]]) -> Section:
    """Shares, costs and times of the reported market in the reported year."""
    market = draft.run.manifest.get("report_market") or rows[0]["market"]
    shown = [row for row in rows if row["market"] == market]
    worlds = list(dict.fromkeys(row["alternative"] for row in shown))[: 1 + MOST_WORLDS]
    shown = [row for row in shown if row["alternative"] in worlds]
    where = {"year": int(year), "market": market}
    sentences = [
        s for world in worlds[1:] for s in _compared(draft, world, worlds[0], where)
    ]
    return Section(
        heading=draft.words("brief.traffic", year=year),
        sentences=tuple(sentences),
        table=_table(draft, shown, where),
        pictures=draft.picture(f"shares_{market}"),
    )


def _compared(
    draft: _Draft, world: str, without: str, where: Mapping[str, Any]
) -> Iterator[Sentence]:
    """Rail's share against the first world, its cost against the road's."""
    here = {**where, "alternative": world, "mode": "rail"}
    told = {"table": "summary", "where": here}
    share = {**told, "column": "share", "less": {"alternative": without}}
    names = {
        "market": draft.words.named("market", where["market"]),
        "world": draft.title_of(world),
    }
    yield from _directed(draft, ("more", "fewer"), "change", share, PERCENT, **names)
    cost = {**told, "column": "generalised_cost_usd_per_teu", "less": {"mode": "road"}}
    yield from _directed(draft, ("dearer", "cheaper"), "gap", cost, 1.0)


def _directed(
    draft: _Draft,
    keys: tuple[str, str],
    blank: str,
    told: Mapping[str, Any],
    factor: float,
    **others: str,
) -> Iterator[Sentence]:
    """A difference that is named for its direction and shown without its sign."""
    mean = draft.mean(Number(**told))
    if math.isfinite(mean) and mean != 0.0:
        is_more = mean > 0.0
        name, _ = draft.add(**told, factor=factor if is_more else -factor)
        claim = Claim(number=name, above=0.0)
        key = keys[0] if is_more else keys[1]
        yield draft.claim(key, blank, name, claim, **others)


def _table(
    draft: _Draft, rows: Sequence[dict[str, str]], where: Mapping[str, Any]
) -> Table:
    """A row a mode, the name of a world where its rows begin."""
    words = draft.words
    heads = [words("page.world"), words("page.mode"), *(words(x[0]) for x in LINES)]
    cells: list[tuple[str, ...]] = []
    before = ""
    for row in sorted(rows, key=lambda r: _place(rows, r)):
        world, mode = row["alternative"], row["mode"]
        title = "" if world == before else draft.title_of(world)
        names = map(_literal, (title, words.named("mode", mode)))
        key = {**where, "alternative": world, "mode": mode}
        cells.append((*names, *_shown(draft, key)))
        before = world
    return Table(heads=tuple(heads), rows=tuple(cells))


def _shown(draft: _Draft, where: Mapping[str, Any]) -> Iterator[str]:
    """The columns of LINES in a row of the summary."""
    for _, column, factor, unit in LINES:
        told = {"table": "summary", "column": column, "where": where}
        name, mean = draft.add(**told, factor=factor, unit=unit)
        yield f"{{{name}}}" if math.isfinite(mean) else "-"


def _place(rows: Sequence[dict[str, str]], row: dict[str, str]) -> tuple[int, int]:
    """Worlds in their order, modes as people know them."""
    worlds = list(dict.fromkeys(r["alternative"] for r in rows))
    return worlds.index(row["alternative"]), MODES.get(row["mode"], len(MODES))


def _better(draft: _Draft, builders: Sequence[str]) -> Iterator[Sentence]:
    """Each other way to build against the first."""
    for world in builders[1:]:
        told = {
            "table": "starts",
            "column": "enpv_usd",
            "where": {"alternative": world},
            "less": {"alternative": builders[0]},
        }
        names = {"other": draft.title_of(world), "first": draft.title_of(builders[0])}
        yield from _directed(
            draft, ("other", "first"), "gain", told, BILLIONTHS, **names
        )


def _rows(run: Run, table: str) -> Iterator[dict[str, str]]:
    return run.rows(table) if f"{table}.csv" in run.manifest["files"] else iter(())


def _of_sweep(draft: _Draft) -> Iterator[Section]:
    """Outputs in the reference cell: their means, and where nine in ten draws lie."""
    words, answers = draft.words, draft.source.answers
    units = {row["metric"]: row["unit"] for row in draft.run.rows("metrics")}
    here = {"", answers.world(None, None).cell_name}
    rows = [
        _row(draft, output, units[output], world)
        for world in answers.worlds
        for output in answers.metrics
        if world.cell_name in here
    ]
    keys = ("output", "unit", "world", "value")
    heads = tuple(words(f"page.{key}") for key in keys)
    known = tuple(row for row in rows if row)[:MOST_ROWS]
    table = Table(heads=(*heads, "p05", "p50", "p95"), rows=known)
    shown = draft.picture("exceedance", "regret")
    yield Section(heading=words("brief.outcome"), table=table, pictures=shown)


def _row(draft: _Draft, output: str, unit: str, world: World) -> tuple[str, ...]:
    """Nothing for an output that this world does not have."""
    told = {"output": output, "alternative": world.alternative, "cell": world.cell_name}
    statistics = ("mean", "p05", "p50", "p95")
    cells = [draft.add(**told, statistic=s) for s in statistics]
    if not math.isfinite(cells[0][1]):
        return ()
    shown = (f"{{{name}}}" if math.isfinite(value) else "-" for name, value in cells)
    return (*map(_literal, (output, unit, world.name)), *shown)
