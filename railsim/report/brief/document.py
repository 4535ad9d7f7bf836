"""A composed brief as a Word document: two pages, and an annex of its numbers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from docx.document import Document as Doc
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu
from docx.table import Table
from docx.text.paragraph import Paragraph

from railsim.report.brief.annex import hash_of, reference_rows, source_rows
from railsim.report.brief.composing import Composed, Part, Reference, Text
from railsim.report.brief.template import (
    BODY,
    CAPTION,
    GRID,
    HEADING,
    PAPER,
    TITLE,
    open_template,
    packed,
    sign,
)
from railsim.report.figures import Picture, png
from railsim.report.labels import Words
from railsim.results.manifest import NAME
from railsim.results.reading import Run
from railsim.scenario.paths import printable

WIDTH = Cm(14)
NO_BREAK = "\N{NO-BREAK SPACE}"
NARROWEST, WIDEST = 6, 40  # letters of a column
SHORT_HASH = 16


def document_of(
    brief: Composed,
    run: Run,
    words: Words,
    pictures: Mapping[str, Picture],
    template: Path | None,
) -> bytes:
    """The bytes of the document; raises InputError for an unfit template."""
    document = open_template(template)
    title = printable(brief.title)
    sign(document, title)
    document.add_paragraph(title, style=TITLE)
    for part in brief.parts:
        _write_part(document, part, pictures)
    _write_annex(document, brief, run, words)
    foot = document.sections[0].footer.add_paragraph()
    foot.add_run(printable(f"{run.name}, {NAME} {hash_of(run)[:SHORT_HASH]}"))
    return packed(document)


def _write_part(document: Doc, part: Part, pictures: Mapping[str, Picture]) -> None:
    if part.heading:
        document.add_paragraph(printable(part.heading), style=HEADING)
    if part.sentences:
        paragraph = document.add_paragraph(style=BODY)
        for number, sentence in enumerate(part.sentences):
            _write_text(paragraph, [" ", *sentence] if number else sentence)
    if part.rows:
        _write_table(document, part.heads, part.rows)
    for name in part.pictures:
        shape = document.add_picture(io.BytesIO(png(pictures[name])), width=WIDTH)
        shape._inline.docPr.set("descr", printable(pictures[name].alt))
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        document.add_paragraph(printable(pictures[name].title), style=CAPTION)


def _write_text(paragraph: Paragraph, text: Text) -> None:
    for piece in text:
        if isinstance(piece, Reference):
            paragraph.add_run(piece.text)
            paragraph._p.append(_link(piece.number))
        else:
            paragraph.add_run(_safe(piece))


def _safe(text: str) -> str:
    """Printable text; a space that does not break is one of its letters."""
    return NO_BREAK.join(map(printable, text.split(NO_BREAK)))


def _write_table(
    document: Doc, heads: Sequence[str], rows: Sequence[Sequence[Text]]
) -> Table:
    table: Table = document.add_table(rows=1 + len(rows), cols=len(heads), style=GRID)
    width = len(heads)
    cells = table._cells  # asked for once: each question walks through the whole table
    for place, head in enumerate(heads):
        cells[place].paragraphs[0].add_run(printable(head)).bold = True
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row):
            _write_text(cells[number * width + place].paragraphs[0], text)
    _set_widths(document, table, [heads, *(map(_plain, row) for row in rows)])
    return table


def _set_widths(document: Doc, table: Table, rows: Iterable[Iterable[str]]) -> None:
    """Columns as wide as their texts are long, all together as wide as the page."""
    widths = [[_width(text) for text in row] for row in rows]
    widest = [max(column) for column in zip(*widths, strict=True)]
    page = document.sections[0]
    sides = (page.left_margin or 0) + (page.right_margin or 0)
    room = (page.page_width or PAPER[0]) - sides
    table.autofit = False
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for place, width in enumerate(widest):
        share = Emu(room * width // sum(widest))
        table.columns[place].width = share
        for cell in table._cells[place :: len(widest)]:
            cell.width = share


def _width(text: str) -> int:
    """Room for two lines and for the longest word, within what a column may have."""
    words = [_letters(word) for word in text.split(" ")]
    return min(max(sum(words) // 2, *words, NARROWEST) + 2, WIDEST)


def _letters(word: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in word)


def _plain(text: Text) -> str:
    return "".join(f"{p.text}000" if isinstance(p, Reference) else p for p in text)


def _write_annex(document: Doc, brief: Composed, run: Run, words: Words) -> None:
    """Every number with its cell, the run, and who said what was assumed."""
    heading = document.add_paragraph(words("brief.annex"), style=HEADING)
    heading.paragraph_format.page_break_before = True
    document.add_paragraph(words("brief.annex_text"), style=BODY)
    names = words("brief.run"), words("brief.manifest")
    told = f"{names[0]}: {run.name}. {names[1]}: {hash_of(run)}."
    document.add_paragraph(printable(told), style=BODY)
    keys = ("brief.number", "brief.shown", "brief.cell", "brief.assumptions")
    rows = reference_rows(brief, words("brief.all_assumptions"))
    table = _write_table(document, [words(key) for key in keys], rows)
    first = table._cells[len(keys) :: len(keys)]
    for reference, cell in zip(brief.references, first, strict=True):
        _mark(cell.paragraphs[0], reference.number)
    document.add_paragraph(words("brief.sources"), style=HEADING)
    keys = ("page.source", "brief.publisher", "brief.date", "brief.count")
    _write_table(document, [words(key) for key in keys], source_rows(run))


def _link(number: int) -> Any:
    """A raised number that leads to its row in the annex."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), f"number_{number}")
    run, look, text = (OxmlElement(f"w:{tag}") for tag in ("r", "rPr", "t"))
    raised = OxmlElement("w:vertAlign")
    raised.set(qn("w:val"), "superscript")
    text.text = str(number)
    look.append(raised)
    run.extend((look, text))
    link.append(run)
    return link


def _mark(paragraph: Paragraph, number: int) -> None:
    """The place to which the raised number leads."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), f"number_{number}")
    paragraph._p.insert(0, start)
    paragraph._p.append(end)
