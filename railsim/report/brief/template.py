"""The document that a brief is written into: empty, or with a ministry's styles."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import OpcError
from docx.shared import Cm, Pt

from railsim.errors import InputError, StorageError
from railsim.scenario.paths import printable

TITLE, HEADING, BODY, CAPTION = "Title", "Heading 1", "Normal", "Caption"
GRID = "Table Grid"
STYLES = {
    **dict.fromkeys((TITLE, HEADING, BODY, CAPTION), WD_STYLE_TYPE.PARAGRAPH),
    GRID: WD_STYLE_TYPE.TABLE,
}
PAPER, MARGIN = (Cm(21.0), Cm(29.7)), Cm(2.0)
LARGEST = 20_000_000  # bytes of a template, packed
_UNPACKED = 200_000_000
_MADE = datetime(2026, 1, 1, tzinfo=UTC)  # the same bytes for the same run
_ZIP_DATE = (2026, 1, 1, 0, 0, 0)
_BROKEN = (
    *(OpcError, SyntaxError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError),
    *(KeyError, ValueError, AttributeError, IndexError, TypeError),
)


def open_template(template: Path | None) -> Doc:
    """A document to write into.

    Raises StorageError for one that cannot be read, InputError for what is no Word
    document or lacks a style.
    """
    if template is None:
        return _plain()
    shown = printable(str(template))
    try:
        content = template.read_bytes()
    except OSError as error:
        raise StorageError(f"{shown}: {error.strerror or error}") from None
    try:
        document = _opened(content)
        known = {style.name: style.type for style in document.styles}
    except _BROKEN:
        raise InputError(f"{shown}: is no Word document (.docx)") from None
    missing = [name for name, kind in STYLES.items() if known.get(name) != kind]
    if missing:
        names = ", ".join(missing)
        raise InputError(f"{shown}: the template lacks the styles {names}")
    try:
        _try_out(document)
        return _opened(content)
    except _BROKEN:
        raise InputError(f"{shown}: is a damaged Word document") from None


def _plain() -> Doc:
    """A4 with narrow margins, on which a brief finds room on two pages."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = PAPER
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    document.styles[BODY].font.size = Pt(10)
    document.styles[TITLE].font.size = Pt(20)
    return document


def _opened(content: bytes) -> Doc:
    """Raises one of _BROKEN for what is no document or would not fit in memory."""
    if len(content) > LARGEST:
        raise ValueError("too large")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _UNPACKED:
            raise ValueError("too large")
        if archive.testzip() is not None:
            raise ValueError("damaged")
    return Document(io.BytesIO(content))


def _try_out(document: Doc) -> None:
    """Do once what a brief does; raises one of _BROKEN for what cannot bear it."""
    sign(document, "")
    for name, kind in STYLES.items():
        if kind == WD_STYLE_TYPE.PARAGRAPH:
            document.add_paragraph("x", style=name)
    document.add_table(rows=1, cols=1, style=GRID)
    document.sections[0].footer.add_paragraph("x")
    packed(document)


def sign(document: Doc, title: str) -> None:
    """Properties of the file, nothing of the machine that made it."""
    told = document.core_properties
    told.title, told.author, told.last_modified_by = title, "railsim", "railsim"
    told.comments, told.revision = "", 1
    told.created = told.modified = told.last_printed = _MADE


def packed(document: Doc) -> bytes:
    """The file, with the same date on every member of the archive."""
    made, whole = io.BytesIO(), io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a template that names a part twice
        document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(whole, "w") as new:
        for name in dict.fromkeys(old.namelist()):
            member = zipfile.ZipInfo(name, _ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return whole.getvalue()
