"""Packages of finance share one traffic and, without modifiers, one appraisal."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from railsim.results.reading import Run, open_run
from railsim.scenario import resolve
from tests.appraisal.worlds import PAYEES
from tests.runs import SMALL, railsim
from tests.sources import ROOT

BASE = ROOT / "scenarios" / "base.toml"
PACKAGES = ROOT / "scenarios" / "packages.toml"
PLAIN = ("f2", "f3", "f5", "f6")
"""Packages that neither raise costs nor delay the start."""

DURATION = {"kind": "triangular", "low_years": 2, "mode_years": 3, "high_years": 4}


def small_packages() -> dict[str, Any]:
    """The small corridor, its new line paid for as in `packages.toml`."""
    tables, money = (copy.deepcopy(dict(resolve(f).tables)) for f in (SMALL, PACKAGES))
    names = ("finance", "packages", "appraisal", "reference_classes")
    tables |= {name: money[name] for name in names}
    line = money["projects"]["lchh"] | {
        "sections": {"new_line": 0},
        "start": {"kind": "fixed", "year": 2026.5, "is_slipping": False},
        "duration": DURATION,
        "capex": {"usd": 1e9, "vnd": 25e12},
        "plan": {"start_year": 2026.5, "opens_year": 2029.5},
    }
    del line["components"]["stations"]
    line["components"]["structures"]["share"] = 0.438
    tables["projects"] = {"line": line}
    del tables["openings"]["new_line"]["opens_year"]
    tables["vehicles"] = {
        "locomotives": money["vehicles"]["locomotives"] | {"services": ["fast_train"]}
    }
    tables["operators"] = {
        "railway": money["operators"]["sgr"]
        | {"payees": ["new railway"], "services": ["fast_train"]}
        | {"passenger_projects": [], "vehicles": ["locomotives"]}
    }
    tables["appraisal"]["payees"] = PAYEES
    tables["finance"]["upkeep"]["track_km"] = {"line": 300}
    tables["run"] |= {"last_year": 2036, "simulate_years": "all"}
    tables["run"] |= {"fidelity": "analytic", "replications": 1}
    tables["alternatives"] = {
        "without": tables["alternatives"]["without"],
        **{
            name: {"title": name, "overlay": {"finance.package": name}}
            for name in money["packages"]
        },
    }
    return tables


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("packages")
    file = folder / "small_packages.toml"
    file.write_text(tomlkit.dumps(small_packages()), encoding="utf-8")
    out = folder / "results"
    out.mkdir()
    said = railsim("run", file, "--out", out)
    assert said.code == 0, said.err
    return open_run(next(path for path in out.iterdir() if path.is_dir()))


def worth(run: Run, name: str) -> dict[tuple[str, ...], float]:
    """All figures of the appraisal of one world but those of its lenders."""
    return {
        (r["metric"], r["scope"], r["item"], r["rate"], r["timing"]): float(r["value"])
        for r in run.rows("cba_summary")
        if r["alternative"] == name and r["value"] and r["metric"] != "grant element"
    }


def invested(run: Run, name: str) -> float:
    """Present value of works."""
    return worth(run, name)["pv", "window", "investment", "0.09", "start"]


def test_worlds_that_open_on_one_day_share_one_traffic(run: Run) -> None:
    shared = {row["alternative"]: row["traffic_of"] for row in run.rows("alternatives")}

    assert shared == {
        "without": "without",
        **dict.fromkeys(("f1", *PLAIN), "f1"),
        "f4": "f4",
    }
    lived = {row["alternative"] for row in run.rows("years")}
    assert lived == {"without", "f1", "f4"}


def test_packages_without_modifiers_have_one_appraisal(run: Run) -> None:
    figures = [worth(run, name) for name in PLAIN]

    assert len(figures[0]) > 20
    for other in figures[1:]:
        assert other == pytest.approx(figures[0], rel=1e-9)


def test_the_tied_package_costs_society_its_dearer_works(run: Run) -> None:
    """The same works on the same days, five points of the approved cost dearer."""
    overrun = {
        row["alternative"]: float(row["value"])
        for row in run.rows("project")
        if row["item"] == "overrun"
    }

    assert overrun["f1"] - overrun["f2"] == pytest.approx(0.05)
    ratio = overrun["f1"] / overrun["f2"]
    assert invested(run, "f1") / invested(run, "f2") == pytest.approx(ratio, rel=1e-8)


def test_the_slow_package_opens_half_a_year_later(run: Run) -> None:
    opening = {
        row["alternative"]: float(row["value"])
        for row in run.rows("project")
        if row["item"] == "opening.new_line"
    }

    assert opening["f4"] - opening["f2"] == pytest.approx(0.5)
    assert opening["f1"] == opening["f3"] == opening["f2"]


def test_accounts_differ_where_appraisals_do_not(run: Run) -> None:
    owed = {
        row["alternative"]: float(row["value"])
        for row in run.rows("finance_summary")
        if (row["scope"], row["metric"]) == ("owner", "debt_at_opening")
    }

    assert owed["without"] == 0.0
    assert len({round(owed[name]) for name in PLAIN}) == len(PLAIN)


def test_every_check_of_the_accounts_is_met(run: Run) -> None:
    rows = list(run.rows("finance_checks"))

    assert {row["alternative"] for row in rows} >= {"without", *PLAIN}
    assert {row["is_met"] for row in rows} == {"true"}


def test_the_shipped_scenario_compares_the_six_packages_on_one_start() -> None:
    tables = resolve(Path(PACKAGES)).tables
    compared = {
        name: alternative["overlay"]
        for name, alternative in tables["alternatives"].items()
        if "finance.package" in alternative.get("overlay", {})
    }

    assert compared.keys() == tables["packages"].keys()
    assert len({repr(o["projects.lchh.start"]) for o in compared.values()}) == 1
    assert all(o["finance.package"] == name for name, o in compared.items())
