"""From a run, and a file of a brief if there is one, to a Word document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Formatter

from railsim.errors import InputError
from railsim.report.brief.composing import compose
from railsim.report.brief.document import document_of
from railsim.report.brief.schema import Brief, Sentence
from railsim.report.brief.standard import standard_brief
from railsim.report.figures import Picture
from railsim.report.labels import Words
from railsim.results.gates.measuring import Source
from railsim.results.reading import Run
from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments, hint_at, quote
from railsim.scenario.written import read_written


def brief_of(
    run: Run,
    words: Words,
    pictures: Sequence[Picture],
    template: Path | None = None,
    file: Path | None = None,
) -> bytes:
    """The brief of a run or sweep as a Word document, the same bytes for the same run.

    `template` is a document whose styles it takes, `file` has sentences of one's own.
    Raises InputError that names the sentence which the run does not support, or what a
    template lacks, and ScenarioError for a file of a brief that is wrong.
    """
    known = {picture.name: picture for picture in pictures}
    source = Source(run)
    if file is None:
        brief = standard_brief(source, words, list(known))
    else:
        brief = read_written(file, Brief, doubts).record
    composed = compose(brief, source)
    wanted = {name for part in composed.parts for name in part.pictures}
    chosen = {name: _picture(name, known) for name in sorted(wanted)}
    return document_of(composed, run, words, chosen, template)


def _picture(name: str, known: dict[str, Picture]) -> Picture:
    if name not in known:
        hint = hint_at(name, known)
        raise InputError(f"the run has no picture {quote(name)}{hint}")
    return known[name]


def doubts(brief: Brief) -> Iterator[Finding]:
    """Texts whose braces do not close, and numbers that nobody defines."""
    for path, name in _named(brief):
        if name is None:
            yield Finding("E111", path, "a brace stands alone: write {{ or }} for one")
        elif name not in brief.numbers:
            choices = tuple(brief.numbers)
            message = f"no number is called {quote(name)}"
            yield Finding("E105", path, message, word=name, choices=choices)


def _named(brief: Brief) -> Iterator[tuple[Segments, str | None]]:
    """Every name in a text or claim; None for a text that cannot be read."""
    for path, text in _texts(brief):
        try:
            names = [name for _, name, _, _ in Formatter().parse(text)]
        except ValueError:
            yield path, None
            continue
        yield from ((path, name) for name in names if name is not None)
    for path, sentence in _sentences(brief):
        claim = sentence.claim.model_dump() if sentence.claim else {}
        for key, word in claim.items():
            if isinstance(word, str):
                yield (*path, "claim", key), word


def _sentences(brief: Brief) -> Iterator[tuple[Segments, Sentence]]:
    for s, section in enumerate(brief.sections):
        for k, sentence in enumerate(section.sentences):
            yield ("sections", s, "sentences", k), sentence


def _texts(brief: Brief) -> Iterator[tuple[Segments, str]]:
    for path, sentence in _sentences(brief):
        yield from ((path, text) for text in sentence.texts.values())
    for s, section in enumerate(brief.sections):
        for row in section.table.rows if section.table else ():
            yield from ((("sections", s, "table", "rows"), cell) for cell in row)
