"""A brief says what its run supports, and each of its numbers can be traced."""

import io
import subprocess
import sys
import zipfile
from contextlib import suppress
from xml.etree import ElementTree

import numpy as np
import pytest
from docx import Document

from railsim.errors import InputError, StorageError
from railsim.report.brief.making import brief_of, doubts
from railsim.report.brief.schema import Brief
from railsim.report.figures import pictures_of
from railsim.report.labels import LANGUAGES, words_of
from railsim.results.reading import open_run
from railsim.scenario import ScenarioError
from railsim.scenario.written import read_written
from tests.report.payloads import renamed, with_cells
from tests.runs import railsim, tiny_run
from tests.sources import ROOT
from tests.study.sweeps import swept, write_study

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PAYLOAD = "</w:t><script>alert(1)</script> ]]> &amp; =cmd|'/c x' {enpv} {{ \x07 昆明"
HEAD = """title = "Words of one's own"

[numbers.share]
table = "summary"
column = "share"
where = { alternative = "with", year = 2028, market = "bilateral", mode = "road" }
factor = 100.0
unit = " %"

[numbers.before]
table = "summary"
column = "share"
where = { alternative = "without", year = 2028, market = "bilateral", mode = "road" }
factor = 100.0
unit = " %"

[[sections]]
heading = "Traffic"

[[sections.sentences]]
says = "The road carries {share} of the tonnes, {before} without the line."
"""
CLAIM = """
[[sections.sentences]]
claim = { number = "share", %s }
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The tiny run, as if somebody vouched for each of its numbers."""
    copy = renamed(open_run(tiny_run()), tmp_path_factory.mktemp("run"), "A title")
    return with_cells(copy, "assumptions", "source", lambda n: f"source {n % 7}")


@pytest.fixture
def write(tmp_path):
    """Writes a file of a brief."""

    def written(*parts):
        file = tmp_path / "brief.toml"
        file.write_text(HEAD + "".join(parts), encoding="utf-8")
        return file

    return written


def made(run, language="en", **told):
    """The brief of a run as bytes."""
    words = words_of(language)
    return brief_of(run, words, pictures_of([run], words), **told)


def texts(content):
    """All paragraphs of a document, those in tables too."""
    document = Document(io.BytesIO(content))
    cells = [cell for table in document.tables for cell in table._cells]
    whole = [*document.paragraphs, *(p for cell in cells for p in cell.paragraphs)]
    return [paragraph.text for paragraph in whole]


def xml_of(content):
    """The tree of the text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ElementTree.fromstring(archive.read("word/document.xml"))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_usual_brief_has_its_parts_in_every_language(run, language):
    said, words = texts(made(run, language)), words_of(language)

    for key in ("worth", "sure", "annex", "sources"):
        assert (words(f"brief.{key}") in said) == (key != "worth" or has_money(run))
    assert not any("{" in text for text in said if "where = " not in text)


def has_money(run):
    """Whether something is built in it."""
    return any(run.rows("starts"))


def test_the_same_run_gives_the_same_bytes(run):
    assert made(run) == made(run)


def test_every_raised_number_has_a_row_in_the_annex(run):
    tree = xml_of(made(run))

    links = [link.get(f"{W}anchor") for link in tree.iter(f"{W}hyperlink")]
    marks = [mark.get(f"{W}name") for mark in tree.iter(f"{W}bookmarkStart")]
    assert len(links) > 10
    assert sorted(set(links)) == sorted(marks)


def test_pictures_have_a_text_for_those_who_cannot_see_them(run):
    content = made(run)

    described = [
        node.get("descr")
        for node in xml_of(content).iter()
        if node.tag.endswith("}docPr")
    ]
    assert described
    assert all(described)


def test_a_sweep_has_a_brief_too(tmp_path):
    folder = swept(write_study(tmp_path, size=16)).folder
    sweep = with_cells(open_run(folder), "assumptions", "source", lambda _: "someone")

    said = "\n".join(texts(made(sweep)))

    assert "rail_share" in said
    assert 'output = "rail_share"; alternative = "with"' in said


def test_closed_forms_state_numbers_and_claim_nothing(tmp_path):
    (tmp_path / "results").mkdir()
    toy = ROOT / "scenarios" / "toy_corridor.toml"
    words = ("run", toy, "--fidelity", "analytic", "--out", tmp_path / "results")
    assert railsim(*words).code == 0
    (folder,) = (tmp_path / "results").glob("toy_corridor-*")
    run = with_cells(open_run(folder), "assumptions", "source", lambda _: "someone")
    row = next(run.rows("summary"))
    where = ", ".join(f"{key} = {row[key]!r}" for key in ("alternative", "mode"))
    text = f"""title = "One number"
[numbers.n]
table = "summary"
column = "teu"
where = {{ {where}, year = {row["year"]} }}
is_year = true
[[sections]]
heading = "Traffic"
[[sections.sentences]]
claim = {{ number = "n", above = 0.0 }}
says_is = "It is {{n}}."
says_cannot_be_told = "It cannot be told: {{n}}."
"""
    (tmp_path / "brief.toml").write_text(text, encoding="utf-8")

    said = texts(made(run, file=tmp_path / "brief.toml"))

    assert f"It cannot be told: {float(row['teu']):.1f}1." in said


def test_numbers_are_traced_by_a_program_that_knows_nothing_of_railsim(run, tmp_path):
    file = tmp_path / "brief.docx"
    file.write_bytes(made(run))

    traced = trace(file, run.folder)
    table = run.folder / "summary.csv"
    before = table.read_bytes()
    table.write_bytes(before.replace(b"0.", b"0.5", 400))
    broken = trace(file, run.folder)
    table.write_bytes(before)

    assert (traced.returncode, traced.stdout.splitlines()[-1][-7:]) == (0, "0 wrong")
    assert broken.returncode == 1
    assert "summary.csv is not what the manifest says" in broken.stdout
    assert broken.stdout.count("WRONG") > 3


def trace(file, folder):
    """The script on 50 numbers."""
    script = ROOT / "scripts" / "trace_brief.py"
    words = [sys.executable, script, file, folder, "--count", "50"]
    return subprocess.run(words, capture_output=True, encoding="utf-8", check=False)


def test_words_of_ones_own_are_filled(run, write):
    claim = CLAIM % "below = 100.1" + "says_is = 'Not all of it.'\n"

    said = texts(made(run, file=write(claim)))

    assert any("of the tonnes, " in text for text in said)
    assert any("Not all of it." in text for text in said)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (
            CLAIM % "above = 101.0" + "says_is = 'All and more.'\n",
            "cannot say 'All and more.': the numbers say the opposite",
        ),
        (
            CLAIM % "below = 101.0" + "says_cannot_be_told = 'Who knows.'\n",
            "cannot say 'Who knows.': the interval allows 'is', not 'cannot be told'",
        ),
        (
            '\n[numbers.gone]\ntable = "summary"\ncolumn = "share"\n'
            "where = { year = 1999 }\n"
            "[[sections.sentences]]\nsays = 'Once it was {gone}.'\n",
            "cannot say 'Once it was {gone}.': summary has 0 rows where year = 1999",
        ),
        ("\npictures = ['sharez']\n", "no picture 'sharez'"),
    ],
)
def test_what_the_run_does_not_support_is_refused_by_name(run, write, part, reason):
    if part.startswith("\npictures"):
        part = "\n[[sections]]\nheading = 'Look'\n" + part
    with pytest.raises(InputError) as refused:
        made(run, file=write(part))

    assert reason in str(refused.value)


def test_a_number_that_has_no_interval_is_not_said(run, write):
    row = next(row for row in run.rows("tcd") if row["seq"] == "1")
    keys = ("alternative", "flow", "route")
    where = ", ".join(f"{key} = {row[key]!r}" for key in keys)
    number = (
        "\n[numbers.bare]\ntable = 'tcd'\ncolumn = 'cum_km'\n"
        f"where = {{ {where}, year = {row['year']}, seq = 1 }}\n"
    )
    sentence = "[[sections.sentences]]\nsays = 'It is {bare} km.'\n"

    with pytest.raises(InputError, match=r"say 'It is {bare} km.*has no interval"):
        made(run, file=write(number, sentence))


def test_the_interval_decides_among_the_words(run, write):
    words = "".join(
        f"says_{key} = 'It {text}.'\n"
        for key, text in (
            ("is", "is"),
            ("is_likely", "may be"),
            ("cannot_be_told", "cannot be told"),
        )
    )
    mean, half = shown(run)
    limits = {
        "It is.": mean - 2.0 * half,
        "It may be.": mean - 0.4 * half,
        "It cannot be told.": mean - 0.01 * half,
    }

    for text, limit in limits.items():
        file = write(CLAIM % f"above = {limit!r}" + words)
        assert any(text in said for said in texts(made(run, file=file)))


def shown(run):
    """The share that the file speaks of, in per cent, and its half-width."""
    row = next(
        row
        for row in run.rows("summary")
        if (row["alternative"], row["market"], row["mode"])
        == ("with", "bilateral", "road")
    )
    return 100.0 * float(row["share"]), 100.0 * float(row["share_ci95"])


def test_an_assumption_without_a_source_is_named(run, write, tmp_path):
    bare = with_cells(
        renamed(open_run(tiny_run()), tmp_path, "A title"),
        "assumptions",
        "source",
        lambda n: "" if n == unsourced(run) else "someone",
    )

    with pytest.raises(
        InputError, match=r"cannot say 'The road carries .* has no source"
    ):
        made(bare, file=write())
    narrow = HEAD.replace("factor = 100.0", "factor = 100.0\nbehind = ['places']")
    file = write()
    file.write_text(narrow, encoding="utf-8")
    assert made(bare, file=file)


def unsourced(run):
    """The number of a row that holds a number of choice."""
    paths = [row["path"] for row in run.rows("assumptions")]
    return next(n for n, path in enumerate(paths) if path.startswith("choice."))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{share}", "{shaer}", "no number is called 'shaer'"),
        ("{share}", "{share", "a brace stands alone"),
        ("says =", "sayz =", "sayz"),
        ("[numbers.share]", "[numbers.share", "brief.toml:"),
        ('column = "share"', "", "a table needs a column"),
        ("factor = 100.0", "factor = true", "factor"),
        ("says =", 'says_is = "x"\nsays =', "says is for sentences without a claim"),
    ],
)
def test_a_file_that_is_wrong_is_told_at_its_line(run, write, old, new, message):
    file = write()
    file.write_text(HEAD.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ScenarioError) as refused:
        made(run, file=file)

    assert message in str(refused.value)
    assert "brief.toml:" in str(refused.value)


def test_names_come_out_as_text(tmp_path):
    hostile = renamed(open_run(tiny_run()), tmp_path, PAYLOAD)

    content = made(hostile)

    tree = xml_of(content)
    assert not any("script" in node.tag for node in tree.iter())
    said = "\n".join(texts(content))
    assert (
        "<script>alert(1)</script> ]]> &amp; =cmd|'/c x' {enpv} {{ \\x07 昆明" in said
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in archive.read(name)


def template(folder, *without):
    """A document, some styles taken away."""
    document = Document()
    for name in without:
        document.styles[name].delete()
    document.styles["Normal"].font.name = "Ministry Sans"
    file = folder / "template.docx"
    document.save(file)
    return file


def test_a_template_gives_its_styles(run, tmp_path):
    content = made(run, template=template(tmp_path))

    assert Document(io.BytesIO(content)).styles["Normal"].font.name == "Ministry Sans"


def test_a_template_without_the_styles_is_refused_by_their_names(run, tmp_path):
    file = template(tmp_path, "Caption", "Table Grid")

    with pytest.raises(InputError, match=r"lacks the styles Caption, Table Grid$"):
        made(run, template=file)


def test_what_is_no_document_is_refused(run, tmp_path):
    luck = np.random.default_rng(3)
    whole = template(tmp_path).read_bytes()
    broken = tmp_path / "broken.docx"
    contents = [b"", b"PK", b"text", whole[:-30], whole[: len(whole) // 2]]
    for _ in range(60):
        content = bytearray(whole)
        for place in luck.integers(0, len(whole), size=40):
            content[place] = luck.integers(0, 256)
        contents.append(bytes(content))

    refused = 0
    for content in contents:
        broken.write_bytes(content)
        try:
            made_small(run, broken)
        except InputError as error:
            refused += "broken.docx: is no Word document" in str(error)
    assert refused > 5
    with pytest.raises(StorageError, match="No such file"):
        made_small(run, tmp_path / "none.docx")


def test_a_document_whose_parts_are_damaged_is_refused_or_used(run, tmp_path):
    luck = np.random.default_rng(4)
    whole, file = template(tmp_path).read_bytes(), tmp_path / "odd.docx"
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    for _ in range(60):
        name = str(luck.choice(sorted(parts)))
        content = bytearray(parts[name])
        start = int(luck.integers(0, len(content)))
        del content[start : start + int(luck.integers(1, 400))]
        with zipfile.ZipFile(file, "w") as archive:
            for other, kept in parts.items():
                if other != name or luck.random() < 0.8:
                    archive.writestr(other, bytes(content) if other == name else kept)
        with suppress(InputError):
            assert Document(io.BytesIO(made_small(run, file))).paragraphs


def made_small(run, file):
    """A brief without pictures."""
    return brief_of(run, words_of("en"), (), template=file)


def test_the_command_writes_it_or_nothing(run, tmp_path):
    out = tmp_path / "out"
    out.mkdir()

    said = railsim("report", run.folder, "--format", "docx", "--out", out)
    poor = template(tmp_path, "Caption")
    files = list(out.iterdir())
    refused = railsim(
        *("report", run.folder, "--format", "docx,html", "--template", poor),
        *("--out", out / ".", "--lang", "vi"),
    )
    misplaced = railsim("report", run.folder, "--template", poor, "--out", out)

    assert (said.code, [file.name for file in files]) == (0, [f"{run.name}.docx"])
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)
    assert "lacks the styles Caption" in refused.err
    assert (misplaced.code, list(out.iterdir())) == (2, files)
    assert "--template and --brief are for --format docx" in misplaced.err


def test_the_example_of_the_documents_is_a_brief(tmp_path):
    text = (ROOT / "docs" / "briefs.md").read_text(encoding="utf-8")
    file = tmp_path / "brief.toml"
    file.write_text(text.split("```toml\n")[1].split("```")[0], encoding="utf-8")

    brief = read_written(file, Brief, doubts).record

    claims = [said.claim for part in brief.sections for said in part.sentences]
    assert [claim is None for claim in claims] == [True, False]


def test_without_the_extra_the_cure_is_told(run, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("railsim.report")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "docx", None)

    said = railsim("report", run.folder, "--format", "docx", "--out", tmp_path)

    assert said.code == 4
    assert said.err == 'error: a report needs docx: pip install "railsim[report]"\n'
    assert list(tmp_path.iterdir()) == []
