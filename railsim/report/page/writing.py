"""The page put together, and its words made safe: templates escape, nothing runs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files

from railsim.errors import MissingError
from railsim.report.figures import Picture, svg
from railsim.report.labels import Words
from railsim.report.page.answers import answers, certainty, verdict, warnings
from railsim.report.page.blocks import MOST_ROWS, Grid, Section, Shown, written
from railsim.report.page.protocols import protocols
from railsim.report.page.sources import assumption_book, changes, differences, manifest
from railsim.results.manifest import model_version
from railsim.results.reading import Run


def page_of(runs: Sequence[Run], words: Words, pictures: Sequence[Picture]) -> str:
    """One HTML file of one run or several, the same bytes for the same runs.

    Raises MissingError without the extra `report`.
    """
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError:
        cure = 'pip install "railsim[report]"'
        raise MissingError(f"a report needs the extra report: {cure}") from None
    style = _text("page.css")
    places = Environment(autoescape=True, undefined=StrictUndefined)
    template = places.from_string(_text("page.html.j2"))
    return template.render(
        language=words.language,
        title=" | ".join(run.manifest["title"] for run in runs),
        made_by=words("page.made_by", version=model_version()),
        contents=words("page.contents"),
        style=style,
        style_hash=_hash(style),
        sections=list(_sections(runs, words, pictures)),
    )


def _sections(
    runs: Sequence[Run], words: Words, pictures: Sequence[Picture]
) -> Iterator[Section]:
    for part in (warnings, verdict, answers):
        yield from _of_all(part(run, words) for run in runs)
    if len(runs) > 1:
        yield differences(runs, words)
        yield from _of_all(changes(runs, words))
    shown = [_shown(picture, words) for picture in pictures]
    yield Section("pictures", words("page.pictures"), pictures=shown)
    for part in (certainty, assumption_book):
        yield from _of_all(part(run, words) for run in runs)
    yield from () if runs[0].is_sweep else protocols(runs[0], words)
    yield from _of_all(manifest(run, words) for run in runs)


def _of_all(parts: Iterator[Section]) -> Iterator[Section]:
    """Sections that say something, each with a key of its own."""
    for number, part in enumerate(parts):
        if part.lines or part.grids or part.folded:
            yield _numbered(part, number)


def _numbered(part: Section, number: int) -> Section:
    if number == 0:
        return part
    title = f"{part.title} ({number + 1})"
    return replace(part, key=f"{part.key}-{number + 1}", title=title)


def _shown(picture: Picture, words: Words) -> Shown:
    data, count = picture.data, len(picture.data)
    first = data.head(MOST_ROWS).itertuples(index=False)
    rows = [[written(cell) for cell in row] for row in first]
    what = {"rows": count, "shown": len(rows), "tables": ", ".join(picture.tables)}
    key = "page.data" if len(rows) == count else "page.data_cut"
    image = base64.b64encode(svg(picture).encode()).decode()
    return Shown(
        name=picture.name,
        title=picture.title,
        alt=picture.alt,
        image=f"data:image/svg+xml;base64,{image}",
        data_title=words(key, **what),
        data=Grid([str(name) for name in data.columns], rows),
    )


def _text(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _hash(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
