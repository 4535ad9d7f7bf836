"""A picture: what it says, the numbers it is drawn from, and its files."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from railsim.errors import MissingError
from railsim.results.store import replacing, write_file

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FONT, EAST_ASIAN = "DejaVu Sans", ("Noto Sans CJK SC", "Noto Serif CJK SC", "SimHei")
INCHES = 7.2  # wide, which fits a page of A4
STYLE = {
    "axes.edgecolor": "#555555",
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "both",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9,
    "axes.labelsize": 8,
    "figure.constrained_layout.use": True,
    "font.size": 8,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.6,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "path.simplify_threshold": 0.4,
    "svg.fonttype": "none",
    "svg.hashsalt": "railsim",
    "text.parse_math": False,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
}


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture in the words of one language."""

    name: str
    """Of its files, unique among the pictures of a report."""
    title: str
    alt: str
    """For those who cannot see it: what it shows, with its main figures."""
    tables: tuple[str, ...]
    """Tables of the run it is drawn from."""
    data: pd.DataFrame
    """What is drawn."""
    draw: Callable[[], Figure]


def svg(picture: Picture) -> str:
    """A picture as SVG, its text as text; equal pictures give equal bytes."""
    content = io.StringIO()
    with _style():
        picture.draw().savefig(content, format="svg", metadata=_NAMELESS)
    head, mark, body = content.getvalue().partition("<svg ")
    said = f'role="img" aria-label={quoteattr(picture.title)} '
    start, close, rest = body.partition(">")
    titled = f"<title>{escape(picture.title)}</title><desc>{escape(picture.alt)}</desc>"
    return f"{head}{mark}{said}{start}{close}\n {titled}{rest}"


def png(picture: Picture, *, dpi: int = 150) -> bytes:
    """A picture as PNG; raises MissingError where no font has a letter of it."""
    from matplotlib.text import Text

    content = io.BytesIO()
    with _style():
        figure = picture.draw()
        texts = [text.get_text() for text in figure.findobj(Text)]
        _demand_letters("".join(map(str, texts)))
        figure.savefig(content, format="png", dpi=dpi, metadata={"Software": None})
    return content.getvalue()


_NAMELESS = {"Date": None, "Creator": None}


def write_pictures(pictures: Iterable[Picture], folder: Path) -> Iterator[Path]:
    """Every picture as SVG and PNG; raises StorageError, MissingError."""
    for picture in pictures:
        for suffix, content in (("svg", svg(picture).encode()), ("png", png(picture))):
            target = folder / f"{picture.name}.{suffix}"
            with replacing(target) as new:
                write_file(new, content)
            yield target


@contextmanager
def _style() -> Iterator[None]:
    from matplotlib import font_manager, rc_context

    known = {font.name for font in font_manager.fontManager.ttflist}
    families = [FONT, *(name for name in EAST_ASIAN if name in known)]
    quiet = logging.getLogger("matplotlib.font_manager")
    level = quiet.level
    quiet.setLevel(logging.ERROR)
    try:
        settings: Any = {**STYLE, "font.family": families}
        with rc_context(settings):
            yield
    finally:
        quiet.setLevel(level)


def _demand_letters(text: str) -> None:
    from matplotlib import font_manager, rcParams
    from matplotlib.ft2font import FT2Font

    left = {ord(letter) for letter in text if letter.isprintable()}
    for family in rcParams["font.family"]:
        font = FT2Font(font_manager.findfont(family))
        left -= font.get_charmap().keys()
    if left:
        letters = "".join(map(chr, sorted(left)[:5]))
        raise MissingError(
            f"no font has the letters {letters}: install fonts-noto-cjk (Debian) or "
            "Noto Sans CJK SC"
        )
