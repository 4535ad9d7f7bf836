"""A brief put together: texts with references, each proved before it is said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter

from railsim.errors import InputError
from railsim.report.brief.schema import Brief, Claim, Number, Sentence
from railsim.report.brief.strengths import Strength, strength_of
from railsim.report.digits import plus_minus
from railsim.results.gates.judging import statistic_of
from railsim.results.gates.measuring import Measured, Source
from railsim.results.reading import Run
from railsim.scenario.paths import quote

SETTINGS = "run."
# A number stays on one line with its sign, its interval and its unit.
TYPESET = {ord("-"): "\N{MINUS SIGN}", ord(" "): "\N{NO-BREAK SPACE}"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A number in the text: its place in the annex, and how it is shown."""

    number: int
    name: str
    text: str


Piece = str | Reference
Text = Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is printed."""

    heading: str
    sentences: Sequence[Text]
    heads: Sequence[str]
    rows: Sequence[Sequence[Text]]
    pictures: Sequence[str]


@dataclass(frozen=True, slots=True)
class Composed:
    """A brief as it is printed, and what its references are of."""

    title: str
    parts: Sequence[Part]
    references: Sequence[Reference]
    numbers: Mapping[str, Number]


def compose(brief: Brief, source: Source) -> Composed:
    """Every text with its numbers; raises InputError that names the sentence.

    That is where a cell is gone, a number has no interval, an interval is too wide for
    the words, or an assumption behind a number has no source.
    """
    desk = _Desk(brief.numbers, source, _unsourced(source.run))
    parts = [
        Part(
            section.heading,
            [desk.say(sentence) for sentence in section.sentences],
            section.table.heads if section.table else (),
            [
                [desk.fill(cell) for cell in row]
                for row in (section.table.rows if section.table else ())
            ],
            section.pictures,
        )
        for section in brief.sections
    ]
    return Composed(brief.title, parts, list(desk.known.values()), brief.numbers)


@dataclass
class _Desk:
    """Reads each number once, and numbers them as they are met."""

    numbers: Mapping[str, Number]
    source: Source
    unsourced: Sequence[str]
    known: dict[str, Reference] = field(default_factory=dict)
    measured: dict[str, Measured] = field(default_factory=dict)

    def say(self, sentence: Sentence) -> Text:
        """A sentence in the strongest words that are true."""
        if sentence.claim is None:
            return self.fill(sentence.texts["says"])
        return self.fill(self._strongest(sentence.claim, sentence.texts))

    def _strongest(self, claim: Claim, texts: Mapping[str, str]) -> str:
        first = next(iter(texts.values()))
        for name in (claim.number, claim.above, claim.below):
            if isinstance(name, str):
                self._measure(name, first)
        strength = strength_of(claim, self.numbers, self.measured)
        if strength == "is not":
            raise _refused(first, "the numbers say the opposite")
        for weaker in _as_strong_at_most(strength):
            if weaker in texts:
                return texts[weaker]
        said = ", ".join(map(quote, texts))
        raise _refused(first, f"the interval allows {quote(strength)}, not {said}")

    def fill(self, text: str) -> Text:
        """The pieces of a text."""
        pieces: list[Piece] = []
        for plain, name, _, _ in Formatter().parse(text):
            if plain:
                pieces.append(plain)
            if name is not None:
                pieces.append(self._refer(name, text))
        return pieces

    def _refer(self, name: str, where: str) -> Reference:
        if name not in self.known:
            found = self._measure(name, where)
            shown = self._shown(self.numbers[name], found, where)
            text = shown.translate(TYPESET)
            self.known[name] = Reference(len(self.known) + 1, name, text)
        return self.known[name]

    def _measure(self, name: str, where: str) -> Measured:
        if name not in self.measured:
            number = self.numbers[name]
            for path in self.unsourced:
                if path.startswith(number.behind or ("",)):
                    raise _refused(where, f"behind it, {path} has no source")
            try:
                found = self.source.measure(number)
            except InputError as error:
                raise _refused(where, str(error)) from None
            self.measured[name] = found
        return self.measured[name]

    def _shown(self, number: Number, found: Measured, where: str) -> str:
        value, low, high = (number.factor * x for x in statistic_of(number, found))
        half = abs(high - low) / 2.0
        if not math.isfinite(half) and self.source.run.has_luck:
            raise _refused(where, "a number of it has no interval")
        known = half if 0.0 < half < math.inf else math.nan
        if number.is_year:
            return f"{value:.1f}" if math.isnan(known) else f"{value:.1f} ± {known:.1f}"
        return plus_minus(value, known, number.unit)


def _unsourced(run: Run) -> list[str]:
    """Assumptions that nobody vouches for; how to run is a choice, so is a switch."""
    return [
        row["path"]
        for row in run.rows("assumptions")
        if not row["source"]
        and not row["path"].startswith(SETTINGS)
        and not _is_switch(row["value"])
    ]


def _is_switch(value: str) -> bool:
    words = value.strip("[]").split(", ")
    return all(word in ("true", "false") for word in words)


def _as_strong_at_most(strength: Strength) -> tuple[str, ...]:
    """Weaker words are true too, but what can be told is not called unknown."""
    return {"is": ("is", "is likely"), "is likely": ("is likely",)}.get(
        strength, (strength,)
    )


def _refused(sentence: str, reason: str) -> InputError:
    return InputError(f"the brief cannot say {quote(sentence)}: {reason}")
