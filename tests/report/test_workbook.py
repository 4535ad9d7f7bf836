"""The workbook holds the tables as they are: numbers, text, no formulas."""

import io
import sys

import openpyxl
import pytest

from railsim.report import workbook
from railsim.report.labels import LANGUAGES, words_of
from railsim.report.workbook import workbook_of
from railsim.results.reading import numbers, open_run
from tests.report.payloads import copied, renamed, with_cells
from tests.runs import railsim, tiny_run
from tests.study.sweeps import swept, write_study

FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "http://example.com",
    "1e5",
)


@pytest.fixture(scope="module")
def run():
    """A run of the tiny corridor."""
    return open_run(tiny_run())


def book_of(run, language="en"):
    """The workbook, as another library reads it."""
    made = workbook_of(run, words_of(language))
    return openpyxl.load_workbook(io.BytesIO(made))


@pytest.fixture(scope="module")
def book(run):
    """Its workbook."""
    return book_of(run)


def test_every_table_has_a_sheet_with_its_cells(run, book):
    for table in run.tables:
        sheet = book[table["name"]]
        heads, units, *rows = sheet.iter_rows(values_only=True)
        expected = [
            tuple(None if cell == "" else cell for cell in row.values())
            for row in numbers(run, table["name"])
        ]

        assert heads == tuple(field["name"] for field in table["schema"]["fields"])
        assert units == tuple(field["unit"] for field in table["schema"]["fields"])
        assert [tuple(None if c == "" else c for c in row) for row in rows] == expected


def test_a_number_shows_the_decimals_that_its_interval_supports(run, book):
    (mean, half), *_ = (
        (row["share"], row["share_ci95"])
        for row in numbers(run, "summary")
        if row["share_ci95"] and row["share_ci95"] > 1e-3
    )
    cells = [c for c in book["summary"]["I"][2:] if c.value == mean]
    decimals = len(cells[0].number_format.partition(".")[2])

    assert 10.0**-decimals <= half < 10.0 ** (1 - decimals)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_first_sheet_tells_and_leads_on(run, language):
    front = book_of(run, language).worksheets[0]
    texts = [cell.value for row in front.iter_rows() for cell in row]
    links = [c.hyperlink.location for c in front["A"] if c.hyperlink]

    assert run.manifest["title"] in texts
    assert words_of(language)("page.warnings") in texts
    assert links == [f"'{table['name']}'!A1" for table in run.tables]


def test_a_table_too_long_to_read_shows_the_reported_year(run, tmp_path, monkeypatch):
    copy = with_cells(
        copied(run, tmp_path), "routes", "year", lambda n: str(2028 + (n < 2))
    )
    monkeypatch.setattr(workbook, "MOST_CELLS", 2 * len(run.kinds["routes"]))

    book = book_of(copy)

    assert [cell.value for cell in book["routes"]["B"][2:]] == [2029, 2029]
    assert "assumptions" not in book.sheetnames
    front = [row[0].value for row in book.worksheets[0].iter_rows()]
    assert "assumptions.csv" in front


def test_the_same_run_gives_the_same_bytes(run):
    words = words_of("vi")

    assert workbook_of(run, words) == workbook_of(run, words)


@pytest.mark.parametrize("payload", FORMULAS)
def test_nothing_in_a_name_is_a_formula_or_a_link(run, tmp_path, payload):
    book = book_of(renamed(run, tmp_path, payload))

    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert sum(c.value == payload.strip("\t") or c.value == payload for c in cells) > 3
    assert {c.data_type for c in cells} <= {"n", "s", "b"}
    outer = [c for c in cells if c.hyperlink and not c.hyperlink.location]
    assert outer == []


def test_a_sweep_has_a_workbook_too(tmp_path):
    run = open_run(swept(write_study(tmp_path)).folder)

    book = book_of(run)

    assert book["outputs"].max_row == 2 + len(list(run.rows("outputs")))


def test_the_command_writes_one_workbook_a_run(run, tmp_path):
    said = railsim("report", run.folder, "--format", "xlsx", "--out", tmp_path)

    assert said.code == 0, said.err
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == workbook_of(run, words_of("en"))


def test_without_the_extra_the_cure_is_told(run, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "railsim.report.workbook")
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)

    said = railsim("report", run.folder, "--format", "xlsx", "--out", tmp_path)

    assert said.code == 4
    assert 'pip install "railsim[report]"' in said.err
    assert list(tmp_path.iterdir()) == []
