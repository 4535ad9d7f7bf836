"""The evidence table, and the numbers nobody vouches for."""

import pytest

from railsim.scenario import ScenarioError, resolve
from railsim.scenario.sources import find_sources, read_sources, source_of, unsourced

from .conftest import MINIMAL

HEADER = "path,low,mode,high,distribution,source,publisher,address,date,grade,remark"
ROW = "links.road.length_km,390,400,410,triangular,Atlas,Press,,2024-01-01,published,"


@pytest.fixture
def write_sources(folder):
    def write(*rows, header=HEADER):
        file = folder / "sources.csv"
        file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return file

    return write


def test_a_row_becomes_a_source(write_sources):
    sources = read_sources(write_sources(ROW))

    source = source_of("links.road.length_km", sources)

    assert (source.low, source.mode, source.high) == (390, 400, 410)
    assert (source.publisher, source.grade) == ("Press", "published")


def test_an_element_of_a_list_has_the_source_of_its_list(write_sources):
    row = "links.road.speed_km_per_h,,,,,,,,,judged,"

    sources = read_sources(write_sources(row))

    assert source_of("links.road.speed_km_per_h.1", sources).grade == "judged"
    assert source_of("links.road", sources) is None


def test_a_folder_without_evidence_has_no_sources(folder):
    assert find_sources(folder) == {}


def test_numbers_without_a_row_are_listed(folder, write_sources):
    write_sources(ROW)

    missing = unsourced(resolve(folder / "minimal.toml"))

    assert "links.road.length_km" not in missing
    assert "links.road.speed_km_per_h" in missing
    assert "calendars.day.windows_h" in missing
    assert "commodities.fruit.decay_per_day.rail" in missing
    assert not any(path.startswith("links.road.speed_km_per_h.") for path in missing)


def test_booleans_and_texts_need_no_source():
    missing = unsourced(resolve(MINIMAL), {})

    assert "run.is_deterministic" not in missing
    assert "run.title" not in missing
    assert "run.seed" in missing


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,1,2", "sources.csv:2:1: error[E113] 3 cells, expected 11"),
        (ROW.replace("400", "x"), "error[E113] 'x' is not a number"),
        (ROW.replace("400", "nan"), "error[E113] 'nan' is not a number"),
        (ROW.replace("400", "500"), "error[E113] low <= mode <= high must hold"),
        (ROW.replace("published", "publishd"), "did you mean 'published'?"),
        (ROW.replace("links.road.length_km", ""), "error[E113] the path is empty"),
        (f"{ROW}\n{ROW}", "sources.csv:3:1: error[E113] a second row for"),
        ('"a', "sources.csv:2:1: error[E113] not CSV: unexpected end of data"),
    ],
)
def test_a_damaged_row_is_named(write_sources, row, message):
    with pytest.raises(ScenarioError) as caught:
        read_sources(write_sources(row), "sources.csv")

    assert message in str(caught.value)


def test_a_wrong_header_is_named(write_sources):
    file = write_sources(ROW, header=HEADER.replace("mode", "middle"))

    with pytest.raises(ScenarioError, match="column 'mode' expected, found 'middle'"):
        read_sources(file)


def test_bytes_that_are_no_text_are_refused(folder):
    (folder / "sources.csv").write_bytes(HEADER.encode() + b"\n\xff\n")

    with pytest.raises(ScenarioError, match=r"2:1: error\[E106\] not UTF-8"):
        find_sources(folder)
