"""Documents name what exists: commands, files, scenarios, words of the code."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from railsim.cli import main
from railsim.results.gates.checking import load_gate
from railsim.scenario import load_scenario
from tests.sources import ROOT, sources

README = ROOT / "README.md"
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "results" / "README.md",
]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
BASE = ROOT / "scenarios" / "base.toml"

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
TOML = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\brailsim ([a-z][a-z-]*)")
IDENTIFIER = re.compile(r"`([A-Za-z_][A-Za-z0-9_]*)`")
# How names end or begin; the glossary explains them, no name consists of them.
AFFIX = re.compile(r"_\w+|\w+_")


def lacks_fragments() -> bool:
    """Whether the base scenario still names files that nobody has written."""
    if not BASE.exists():
        return True
    parents = tomllib.loads(BASE.read_text(encoding="utf-8")).get("extends", [])
    return not all((BASE.parent / name).exists() for name in parents)


def test_the_readme_shows_every_command():
    shown = set(COMMAND.findall(README.read_text(encoding="utf-8")))

    assert commands() - shown == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_console_examples_use_existing_commands(path):
    examples = "".join(CONSOLE.findall(path.read_text(encoding="utf-8")))

    assert set(COMMAND.findall(examples)) - commands() == set()


@pytest.mark.skipif(lacks_fragments(), reason="base.toml is not complete yet")
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_every_scenario_loads_without_error(path):
    assert load_scenario(path).alternatives


def test_the_readme_lists_every_scenario():
    shown = set(links(README))

    assert {f"scenarios/{path.name}" for path in SCENARIOS} - shown == set()


def test_every_gate_that_is_shown_can_be_read(tmp_path):
    shown = TOML.findall((ROOT / "docs" / "gates.md").read_text(encoding="utf-8"))

    for text in shown:
        file = tmp_path / "checks.toml"
        file.write_text(text, encoding="utf-8")
        load_gate(file)

    assert len(shown) == 2


def test_every_decision_page_is_listed():
    folder = ROOT / "docs" / "decisions"
    pages = {path.name for path in folder.glob("[0-9]*.md")}

    assert pages == set(links(folder / "README.md"))


def test_decisions_are_numbered_without_repetition():
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    headings = [page.read_text(encoding="utf-8").split(".")[0] for page in pages]

    assert headings == [f"# {number}" for number in range(1, len(pages) + 1)]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path):
    broken = [link for link in links(path) if not (path.parent / link).exists()]

    assert broken == []


def test_words_of_the_glossary_exist_in_the_code():
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    named = {n for n in IDENTIFIER.findall(glossary) if not AFFIX.fullmatch(n)}
    used = set(re.findall(r"\w+", "\n".join(s.text for s in sources())))

    assert sorted(named - used) == []


def links(path: Path) -> Iterator[str]:
    """Files a document links to, without the section."""
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:|#", target):
            yield target.partition("#")[0]


def commands() -> set[str]:
    """Names of all commands of the command line."""
    return {command.name for command in main.commands.registered_commands}
