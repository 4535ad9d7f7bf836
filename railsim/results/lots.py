"""One lot of a traced run: its way, where its hours and its dollars went."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from railsim.errors import InputError, StorageError
from railsim.results.cells import read_csv
from railsim.results.reading import Run
from railsim.results.trace import file_of
from railsim.scenario.paths import nearest, printable

# what a lot does after an event, until the next
_DOES = {
    "chose": "sets out",
    "wait": "waits for",
    "start": "in",
    "end": "after",
    "board": "aboard",
    "part": "part aboard",
    "take": "has",
    "give": "gave back",
    "rerouted": "chose again",
}
_END = {"delivered", "lost"}
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Spell:
    """What a lot did for some hours."""

    begin: str
    doing: str
    hours: float


def explain_lot(
    run: Run,
    lot: int,
    *,
    alternative: str | None = None,
    year: int | None = None,
    replication: int = 0,
) -> str:
    """The lot's spells, which sum to its time, and charges, which sum to its money.

    Raises InputError where there is no such lot, alternative, year or trace.
    """
    name, when = _place(run, alternative, year)
    rows = _events(run, lot, name, when, replication)
    spells = list(_spells(rows))
    total = float(rows[-1]["t_h"]) - float(rows[0]["t_h"])
    assert math.isclose(math.fsum(s.hours for s in spells), total, abs_tol=_TOLERANCE)
    route = [row["route"] for row in rows if row["route"]][-1]
    flow, teu = rows[0]["flow"], float(rows[0]["qty_teu"])
    head = (
        f"lot {lot} of {name}, {when}, replication {replication}: "
        f"{teu:g} TEU of {flow} by {route}, {rows[-1]['event']}"
    )
    return "\n".join(
        [
            printable(head),
            *_hours(spells, total),
            *_dollars(run, (name, str(when), flow, route), teu),
        ]
    )


def _place(run: Run, alternative: str | None, year: int | None) -> tuple[str, int]:
    names, years = list(run.manifest["alternatives"]), run.manifest["years"]
    name = names[-1] if alternative is None else alternative
    if name not in names:
        near = nearest(name, names)
        hint = f"did you mean {near}?" if near else f"one of {', '.join(names)}"
        raise InputError(f"--alternative {printable(name)}: unknown ({hint})")
    when = years[-1] if year is None else year
    if when not in years:
        raise InputError(f"--year {when}: was not simulated, {years[0]} to {years[-1]}")
    return name, when


def _events(
    run: Run, lot: int, alternative: str, year: int, replication: int
) -> list[dict[str, str]]:
    place = list(run.manifest["alternatives"]).index(alternative) + 1
    name = file_of(place, year, replication)
    if name not in run.manifest["files"]:
        again = "run it again with --trace"
        raise InputError(
            f"{run.name}: no events of that year and replication ({again})"
        )
    try:
        header, rows = read_csv(gzip.decompress(run.read(name)))
    except (ValueError, OSError, EOFError) as error:
        raise StorageError(f"{name}: damaged: {error}") from None
    column = header.index("lot_id")
    found = [
        dict(zip(header, row, strict=True)) for row in rows if row[column] == str(lot)
    ]
    if not found:
        lots = [int(row[column]) for row in rows if row[column]]
        raise InputError(f"--lot {lot}: that year has lots 0 to {max(lots, default=0)}")
    return found


def _spells(rows: list[dict[str, str]]) -> Iterator[Spell]:
    """Between one event and the next a lot does what the first says."""
    for row, following in pairwise(rows):
        hours = float(following["t_h"]) - float(row["t_h"])
        if hours > 0.0 and row["event"] not in _END:
            doing = f"{_DOES.get(row['event'], row['event'])} {row['resource']}"
            yield Spell(row["date_local"], doing.strip(), hours)


def _hours(spells: list[Spell], total: float) -> Iterator[str]:
    yield f"{'from':<24}{'what':<40}{'hours':>10}"
    for spell in spells:
        yield printable(f"{spell.begin:<24}{spell.doing:<40}{spell.hours:>10.3f}")
    yield f"{'':<24}{'total':<40}{total:>10.3f}"


def _dollars(run: Run, key: tuple[str, ...], teu: float) -> Iterator[str]:
    """The route's charges a TEU, as expected over its lanes, times the lot's TEU."""
    charges: list[tuple[str, Any]] = [
        (f"{row['step']}, {row['cause']}, to {row['payee']}", float(row["usd_per_teu"]))
        for row in run.rows("cost_components")
        if (row["alternative"], row["year"], row["flow"], row["route"]) == key
        and row["payee"] != "nobody"
        and row["usd_per_teu"]
    ]
    yield f"{'charge (expected of the route)':<52}{'USD/TEU':>10}{'USD':>12}"
    for what, price in charges:
        yield printable(f"{what:<52}{price:>10.2f}{price * teu:>12.2f}")
    total = math.fsum(price for _, price in charges)
    yield f"{'total':<52}{total:>10.2f}{total * teu:>12.2f}"
