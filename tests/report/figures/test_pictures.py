"""Every picture says in three languages what its table says, and nothing overlaps."""

import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from railsim.errors import MissingError
from railsim.report.figures import Picture, pictures_of, png, svg, write_pictures
from railsim.report.figures import picture as drawing
from railsim.report.figures.style import INK, MODES, local
from railsim.report.labels import LANGUAGES, words_of
from railsim.results.reading import open_run
from tests.runs import railsim, tiny_run
from tests.study.sweeps import swept, write_study

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script> $\\frac{1}{2}$ & \"'"


@pytest.fixture(scope="module")
def run():
    """A run of the tiny corridor."""
    return open_run(tiny_run())


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A sweep that has been asked everything."""
    sobol = "[design]\nkind = 'sobol'\n"
    file = write_study(tmp_path_factory.mktemp("pictured"), design=sobol, size=64)
    folder = swept(file).folder
    for words in (("sensitivity",), ("discover", "--when", "rail_share > 18%")):
        assert railsim(words[0], folder, *words[1:]).code == 0
    return open_run(folder)


def drawn(picture):
    """The figure with all its places settled."""
    with drawing._style():
        figure = picture.draw()
        FigureCanvasAgg(figure).draw()
    return figure


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_picture_is_well_formed_and_says_what_it_shows(run, study, language):
    words = words_of(language)
    for one in (run, study):
        pictures = pictures_of([one], words)

        assert len({p.name for p in pictures}) == len(pictures) >= 4
        for picture in pictures:
            root = ElementTree.fromstring(svg(picture))
            assert root.get("role") == "img"
            assert root.get("aria-label") == picture.title
            assert root.findtext(f"{SVG}title") == picture.title
            assert root.findtext(f"{SVG}desc") == picture.alt
            assert len(picture.alt) > 30
            assert not picture.data.empty
            assert all(
                f"{table}.csv" in one.manifest["files"]
                or (one.folder / f"{table}.csv").is_file()
                for table in picture.tables
            )


def test_shares_are_those_of_the_table_and_sum_to_one(run):
    pictures = [p for p in pictures_of([run], words_of("en")) if "shares" in p.name]

    drawn_shares = pd.concat([p.data for p in pictures]).sort_index()
    assert drawn_shares["share"].tolist() == run.frame("summary")["share"].tolist()
    for picture in pictures:
        sums = picture.data.groupby(["alternative", "year"])["share"].sum()
        assert sums.to_numpy() == pytest.approx(1.0)


def test_time_and_cost_end_at_what_the_route_costs(run):
    names = {p.name: p for p in pictures_of([run], words_of("en"))}
    ends = names["time_cost_distance"].data.groupby("route")["cum_usd"].last()
    parts = names["cost_by_cause"].data.set_index("route")

    paid = parts.drop(columns=["all others"], errors="ignore")
    rest = parts.get("all others", 0.0)
    whole = paid.sum(axis=1) + rest
    for route, usd in ends.items():
        assert whole[route] >= usd - 1e-6


def boxes_of(texts, renderer):
    found = [t.get_window_extent(renderer) for t in texts if t.get_text().strip()]
    return [box for box in found if box.width > 0]


def test_no_label_covers_another_and_no_legend_is_cut(run, study):
    for one in (run, study):
        for picture in pictures_of([one], words_of("vi")):
            figure = drawn(picture)
            renderer = figure.canvas.get_renderer()
            for ax in figure.axes:
                for axis in (ax.xaxis, ax.yaxis):
                    labels = boxes_of(axis.get_ticklabels(), renderer)
                    assert not any(
                        a.padded(-1).overlaps(b.padded(-1))
                        for a, b in combinations(labels, 2)
                    ), picture.name
            for legend in figure.legends:
                box = legend.get_window_extent(renderer)
                whole = figure.bbox.padded(2)
                assert whole.x0 <= box.x0 <= box.x1 <= whole.x1, picture.name
                assert whole.y0 <= box.y0 <= box.y1 <= whole.y1, picture.name


def test_equal_runs_give_equal_bytes_in_another_process(run):
    picture = pictures_of([run], words_of("en"))[0]
    program = (
        "import sys; from pathlib import Path; "
        "from railsim.report.figures import pictures_of, svg, png; "
        "from railsim.report.labels import words_of; "
        "from railsim.results.reading import open_run; "
        "p = pictures_of([open_run(Path(sys.argv[1]))], words_of('en'))[0]; "
        "sys.stdout.buffer.write(svg(p).encode() + png(p))"
    )

    told = subprocess.run(
        [sys.executable, "-c", program, str(run.folder)],
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )

    assert told.stdout == svg(picture).encode() + png(picture)


def test_modes_differ_in_grey():
    def brightness(number):
        return float(np.dot((0.2126, 0.7152, 0.0722), to_rgb(INK[number])))

    greys = sorted(brightness(MODES[mode]) for mode in ("rail", "road", "sea"))
    assert np.diff(greys).min() > 0.15


def written(text):
    """A picture in which a text stands everywhere."""

    def draw():
        figure = Figure(figsize=(4, 2))
        ax = figure.subplots()
        ax.plot([0, 1], [0, 1], label=text)
        ax.set_title(text)
        ax.set_xticks([0.5], [text])
        figure.legend()
        return figure

    return Picture("p", text, text, ("routes",), pd.DataFrame({"x": [1]}), draw)


def test_markup_and_formulas_in_names_stay_text():
    picture = written(EVIL)

    root = ElementTree.fromstring(svg(picture))

    assert root.findtext(f"{SVG}title") == EVIL
    assert not root.findall(f".//{SVG}script")
    texts = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
    assert sum(EVIL in text for text in texts) == 3
    assert png(picture).startswith(b"\x89PNG")


def test_a_letter_that_no_font_has_is_told(monkeypatch):
    monkeypatch.setattr(drawing, "EAST_ASIAN", ())

    assert png(written("Hải Phòng"))
    with pytest.raises(MissingError, match="no font has the letters 昆明"):
        png(written("昆明"))


def test_places_are_named_in_the_script_of_the_reader():
    assert local("昆明 Kunming", "en") == "Kunming"
    assert local("昆明 Kunming", "zh") == "昆明"
    assert local("Hải Phòng", "zh") == "Hải Phòng"


def test_pictures_of_several_runs_say_whose_they_are(run):
    pictures = pictures_of([run, run], words_of("en"))

    assert all(run.name in picture.title for picture in pictures)


def test_files_are_written_and_a_folder_that_is_not_there_is_told(run, tmp_path):
    picture = pictures_of([run], words_of("en"))[0]

    files = list(write_pictures([replace(picture, name="one")], tmp_path))

    assert [file.name for file in files] == ["one.svg", "one.png"]
    assert files[0].read_text("utf-8") == svg(picture)
