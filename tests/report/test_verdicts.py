"""The verdict on the screen: one line a world that builds."""

from railsim.report.labels import words_of
from railsim.report.verdicts import verdict_lines

TABLES = {
    "project": [
        {"project": "line", "item": "start", "value": "2027.3", "value_ci95": ""},
        {"project": "line", "item": "opening.north", "value": "2032", "value_ci95": ""},
        {
            "project": "line",
            "item": "opening.line",
            "value": "2034",
            "value_ci95": ".5",
        },
    ],
    "cba_summary": [
        {
            "metric": "eirr",
            "scope": "window",
            "reason": "",
            "value": "0.061",
            "value_ci95": "0.004",
        },
    ],
    "finance_summary": [
        {
            "scope": "owner",
            "metric": "dscr_min",
            "timing": "2041-06-30",
            "value": "0.31",
            "value_ci95": "0",
        },
        {
            "scope": "state",
            "metric": "debt_gdp_peak_delta",
            "timing": "2032",
            "value": "0.011",
            "value_ci95": "",
        },
        {
            "scope": "treasury",
            "metric": "subsidy_pv",
            "timing": "",
            "value": "6.9e9",
            "value_ci95": "1e8",
        },
    ],
}


class Told:
    """A run that says what a test gives it."""

    def __init__(self, tables):
        self.tables = tables
        names = {row["alternative"] for rows in tables.values() for row in rows}
        self.manifest = {
            "alternatives": dict.fromkeys(sorted(names)),
            "files": [f"{name}.csv" for name in tables],
        }

    def rows(self, table):
        return iter(self.tables[table])


def of_world(name, **changes):
    """The tables above for a world, some rows of them replaced."""
    return {
        table: [{**row, "alternative": name} for row in changes.get(table, rows)]
        for table, rows in TABLES.items()
    }


def test_a_verdict_tells_the_last_opening_and_what_it_is_worth_to_whom():
    (line,) = verdict_lines(Told(of_world("with")), words_of("en"))

    assert line == (
        "with: line opens 2034.0 ± 0.5; EIRR 6.1 ± 0.4 %; lowest DSCR 0.310 in 2041; "
        "the treasury pays 6.9 ± 0.1 bn USD; public debt +1.10 % of GDP"
    )


def test_a_rate_that_does_not_exist_has_its_reason():
    none = {**TABLES["cba_summary"][0], "value": "", "reason": "no change of sign"}

    (line,) = verdict_lines(Told(of_world("with", cba_summary=[none])), words_of("en"))

    assert "no EIRR (no change of sign)" in line


def test_a_world_that_builds_nothing_has_no_verdict():
    nothing = {**TABLES["cba_summary"][0], "value": "", "reason": "no flows"}
    zero = [
        {**row, "value": "0", "value_ci95": ""} for row in TABLES["finance_summary"][1:]
    ]
    tables = of_world(
        "without", project=[], cba_summary=[nothing], finance_summary=zero
    )

    assert list(verdict_lines(Told(tables), words_of("en"))) == []


def test_a_run_without_tables_of_money_has_no_verdict():
    tables = of_world("with")
    run = Told(tables)
    run.manifest["files"] = []

    assert list(verdict_lines(run, words_of("en"))) == []
