"""assumptions.csv of the real scenario."""

from __future__ import annotations

from pathlib import Path

from railsim.results.assumptions import assumptions_csv
from railsim.results.cells import read_csv
from railsim.scenario import resolve

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def rows_of(stem: str) -> dict[str, dict[str, str]]:
    header, rows = read_csv(assumptions_csv(resolve(SCENARIOS / f"{stem}.toml")))
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}


def test_every_number_stands_with_its_evidence() -> None:
    row = rows_of("base")["services.sgr_container.tariff_usd_per_teu_km"]

    assert (row["value"], row["low"], row["high"]) == ("0.33", "0.25", "0.45")
    assert row["unit"] == "USD/TEU-km"
    assert row["grade"] == "judged"
    assert row["origin"].startswith("corridor/services.toml:")


def test_a_list_of_numbers_is_one_value_with_one_source() -> None:
    lists = [row for row in rows_of("base").values() if row["value"].startswith("[")]

    assert lists
    assert all(row["mode"] == "" for row in lists if "," in row["value"])


def test_a_number_of_a_child_has_the_evidence_of_the_child() -> None:
    base, child = rows_of("base"), rows_of("sea_war")
    path = "tariffs.feeder_qinzhou.per_teu"

    assert float(child[path]["value"]) == 2 * float(base[path]["value"])
    assert child[path]["remark"] != base[path]["remark"]
