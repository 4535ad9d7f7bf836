"""The page says it all, loads nothing, runs nothing, whatever names it is given."""

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from railsim.report.figures import pictures_of
from railsim.report.labels import LANGUAGES, words_of
from railsim.report.page import page_of
from railsim.results.comparing.outputs import outputs_of
from railsim.results.reading import open_run
from tests.report.payloads import renamed, with_cells
from tests.runs import railsim, tiny_run
from tests.study.sweeps import swept, write_study

CHROMIUM = shutil.which("chromium")
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' {{7*7}} </style>"
HARMLESS = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
HARMLESS += ["--disable-background-networking", "--disable-quic"]


@pytest.fixture(scope="module")
def run():
    """A run of the tiny corridor."""
    return open_run(tiny_run())


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A sweep of the toy corridor."""
    return open_run(swept(write_study(tmp_path_factory.mktemp("page"))).folder)


def written(runs, language="en"):
    """The page of some runs."""
    words = words_of(language)
    return page_of(runs, words, pictures_of(runs, words))


class Tags(HTMLParser):
    """All elements with their attributes, and all text."""

    def __init__(self, text):
        super().__init__()
        self.found, self.texts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_warnings_come_first_and_everything_is_there(run, study, language):
    words = words_of(language)
    for one in (run, study):
        page = Tags(written([one], language))

        keys = [a["id"] for tag, a in page.found if tag == "section"]
        assert keys[0] == "warnings"
        assert {"answer", "pictures", "sure", "assumptions", "manifest"} <= set(keys)
        linked = [a["href"] for t, a in page.found if t == "a"]
        assert linked == [f"#{key}" for key in keys]
        assert ("html", {"lang": language}) in page.found
        alts = [a["alt"] for tag, a in page.found if tag == "img"]
        assert len(alts) >= 2
        assert all(alts)
        assert words("page.assumptions") in page.texts


def test_every_assumption_is_in_the_book_with_who_says_so(run):
    texts = set(Tags(written([run])).texts)

    rows = list(run.rows("assumptions"))
    assert {row["path"] for row in rows} <= texts
    assert {row["grade"] for row in rows if row["grade"]} <= texts


def test_both_protocols_are_filled(run):
    text = written([run])

    assert text.count("<td>") > 100
    assert "1.1 Purpose" in text
    assert "Submodels" in text
    assert "missing:" not in text
    assert run.manifest["title"] in text


def test_nothing_can_be_loaded_and_nothing_can_run(run):
    page = Tags(written([run]))

    policy = next(a["content"] for _, a in page.found if "http-equiv" in a)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not [tag for tag, _ in page.found if tag in ("script", "iframe", "object")]
    for _, attributes in page.found:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href"):
            value = attributes.get(name) or ""
            assert value.startswith(("data:", "#")) or not value


def test_markup_in_names_stays_text(run, tmp_path):
    evil = renamed(run, tmp_path, EVIL)

    page, plain = Tags(written([evil])), Tags(written([run]))

    assert [tag for tag, _ in page.found if tag == "script"] == []
    assert {tag for tag, _ in page.found} == {tag for tag, _ in plain.found}
    assert sum(EVIL in text for text in page.texts) > 3
    assert not [a for _, a in page.found if any(n.startswith("on") for n in a)]


def test_several_runs_are_set_side_by_side(run, study):
    text = written([run, study])

    assert 'id="differences"' in text
    assert 'id="answer-2"' in text


def test_what_changed_between_runs_is_said_with_what_luck_explains(run, tmp_path):
    values = [float(row["value"]) for row in run.rows("replications")]
    moved = renamed(run, tmp_path, "moved")
    moved = with_cells(moved, "replications", "value", lambda n: f"{1.5 * values[n]}")

    same, other = (Tags(written([run, each])).texts for each in (run, moved))

    count = len(outputs_of(run))
    assert f"0 of {count} outputs changed by more than luck explains, 0 by less" in (
        "".join(same)
    )
    assert any("with: summary share 2028 bilateral rail" in text for text in other)
    assert not any("summary share" in text for text in same)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_asks_for_nothing_and_complains_of_nothing(run, tmp_path, width):
    from playwright.sync_api import sync_playwright

    file = tmp_path / "page.html"
    file.write_text(written([renamed(run, tmp_path, EVIL)], "vi"), "utf-8")
    asked, said = [], []
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(
            executable_path=CHROMIUM, args=list(HARMLESS)
        )
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        sizes = page.evaluate("[...document.images].map(i => i.naturalWidth)")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = 1)")
        opened = page.evaluate("document.documentElement.scrollWidth")
        pdf = page.pdf()
        browser.close()

    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert max(wide, opened) <= width
    assert min(sizes) > 100
    assert pdf.startswith(b"%PDF")


def test_the_command_writes_beside_the_run(run, tmp_path):
    folder = tmp_path / run.name
    shutil.copytree(run.folder, folder)

    said = railsim("report", folder, "--format", "html,svg")

    assert said.code == 0, said.err
    made = tmp_path / f"{run.name}.html"
    assert made.read_bytes() == written([run]).encode()
    assert len(list((tmp_path / f"{run.name}-pictures").glob("*.svg"))) >= 4


WRONG = {
    "no run": ("HERE", (), 2, "is no run"),
    "nowhere": ("HERE/no", (), 5, "no such folder"),
    "language": ("RUN", ("--lang", "zho"), 2, "did you mean 'zh'"),
    "format": ("RUN", ("--format", "pdf"), 2, "must be of html"),
    "out": ("RUN", ("--out", "/nowhere/at/all"), 5, "no such folder"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_reported_is_one_line(run, tmp_path, name):
    place, options, code, expected = WRONG[name]
    folder = place.replace("HERE", str(tmp_path)).replace("RUN", str(run.folder))

    said = railsim("report", folder, *options)

    assert said.code == code
    assert expected in said.err
    assert len(said.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def damaged(run, folder, change):
    copy = folder / run.name
    shutil.copytree(run.folder, copy)
    change(copy)
    return copy


def _newer(copy: Path):
    file = copy / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**manifest, "format": 99}), "utf-8")


def _cut(copy: Path):
    (copy / "routes.csv").write_bytes((copy / "routes.csv").read_bytes()[:-9])


@pytest.mark.parametrize(
    ("change", "code", "expected"),
    [(_newer, 2, "newer railsim"), (_cut, 5, "routes.csv: damaged")],
)
def test_a_folder_that_is_not_as_it_was_is_refused(
    run, tmp_path, change, code, expected
):
    copy = damaged(run, tmp_path, change)

    said = railsim("report", copy)

    assert said.code == code
    assert expected in said.err
    assert list(tmp_path.iterdir()) == [copy]


def test_without_the_extra_the_cure_is_told(run, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "jinja2", None)

    said = railsim("report", run.folder, "--out", tmp_path)

    assert said.code == 4
    assert 'pip install "railsim[report]"' in said.err
    assert list(tmp_path.iterdir()) == []
