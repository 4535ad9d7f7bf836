"""Read one scenario file: limits first, then TOML, then the place of each value."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from typing import Any

from railsim.scenario.files.locating import Spots, locate_values
from railsim.scenario.paths import walk
from railsim.scenario.problems import Problem, ScenarioError

FILE_BYTES = 2_000_000
LEVELS = 32
SEGMENTS = 16
VALUES = 100_000

# Strings that are never closed run to the end: tomllib stops there too.
_TOKEN = re.compile(
    r"""
    (?P<skip> \#[^\n]*+
        | \"{3} (?:[^"\\]++ | \\. | "(?!"") )*+ (?: "{3,5} | \Z | \\\Z )
        | '{3} (?:[^']++ | '(?!'') )*+ (?: '{3,5} | \Z )
        | " (?:[^"\\\n]++ | \\[^\n] )*+ "?
        | ' [^'\n]*+ '?
    )
    | (?P<open> [\[{] ) | (?P<close> [\]}] ) | (?P<dot> \. ) | (?P<stop> [\n=,] )
    """,
    re.VERBOSE | re.DOTALL,
)
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TUPLE = re.compile(r"\((?:'[^']*'(?:, )?)+,?\)")
_BARE_UNIT = re.compile(r"""^\s*[^#"'=]*=\s*[-+]?[\d._]+\s*[%A-Za-z]""")


def read_tables(file: str, shown: str) -> tuple[dict[str, Any], Spots]:
    """The tables of a file and the place of each value; raises ScenarioError."""
    text = read_text(file, shown)
    tables = parse_tables(text, shown)
    return tables, locate_values(text.encode())


def read_text(file: str, shown: str) -> str:
    """The text of a regular file of allowed size in UTF-8."""
    content = _read_bytes(file, shown)
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _refuse(
            shown,
            "the file begins with a byte order mark",
            help_="save it as UTF-8 without BOM",
        )
    try:
        return content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        raise _refuse(
            shown, "not UTF-8", line, column, help_="save the file as UTF-8"
        ) from None


def parse_tables(text: str, shown: str) -> dict[str, Any]:
    """TOML within the limits; raises ScenarioError E106 or E109."""
    check_nesting(text, shown)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _explain_syntax(error, text, shown) from None
    except RecursionError:
        raise _too_large(shown, "too deeply nested") from None
    except ValueError:
        line, column = _position_of(text, _find_long_number(text))
        raise _too_large(shown, "a number has too many digits", line, column) from None
    _check_size(tables, shown)
    return tables


def check_nesting(text: str, shown: str) -> None:
    """Refuse what would cost the parser too much, before it sees it."""
    depth = dots = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        depth += (kind == "open") - (kind == "close")
        dots = dots + 1 if kind == "dot" else dots if kind == "skip" else 0
        if depth > LEVELS or dots >= SEGMENTS:
            line, column = _position_of(text, token.start())
            what = f"more than {LEVELS} levels of nesting"
            if dots >= SEGMENTS:
                what = f"more than {SEGMENTS} segments in a dotted key"
            raise _too_large(shown, what, line, column)


def _read_bytes(file: str, shown: str) -> bytes:
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):
            raise _unusable(shown, "not a regular file")
        with open(file, "rb") as stream:
            content = stream.read(FILE_BYTES + 1)
    except FileNotFoundError:
        raise _unusable(shown, "no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not allowed"
        raise _unusable(shown, f"cannot be read: {reason}") from None
    if len(content) > FILE_BYTES:
        raise _too_large(shown, f"the file is larger than {FILE_BYTES:,} bytes", 0)
    return content


def _check_size(tables: dict[str, Any], shown: str) -> None:
    levels = f"more than {LEVELS} levels of nesting"
    try:
        for count, (path, _) in enumerate(walk(tables)):
            if count > VALUES:
                raise _too_large(shown, f"more than {VALUES:,} values", 0)
            if len(path) > LEVELS:
                raise _too_large(shown, levels, 0)
    except RecursionError:
        raise _too_large(shown, levels, 0) from None


def _explain_syntax(
    error: tomllib.TOMLDecodeError, text: str, shown: str
) -> ScenarioError:
    message = str(error)
    found = _POSITION.search(message)
    line, column = _position_of(text, len(text))
    if found and found.group(1):
        line, column = int(found.group(1)), int(found.group(2))
    reason = _TUPLE.sub(lambda m: _dotted(m.group()), _POSITION.sub("", message))
    if reason == "Illegal character '\\n'":
        reason = "the text is not closed on its line"
    lines = text.split("\n")
    help_ = ""
    if line <= len(lines) and _BARE_UNIT.match(lines[line - 1]):
        help_ = 'a number with a unit needs quotes: "5 %", "6 h"'
    return _refuse(shown, reason[:1].lower() + reason[1:], line, column, help_=help_)


def _dotted(names: str) -> str:
    """`('a', 'b')` of the parser's messages as `a.b`."""
    return ".".join(name for name in names[1:-1].split("'")[1::2])


def _find_long_number(text: str) -> int:
    match = re.search(r"[0-9_]{4000,}", text)
    return match.start() if match else 0


def _position_of(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _refuse(
    shown: str, message: str, line: int = 1, column: int = 1, *, help_: str = ""
) -> ScenarioError:
    safe = message if message.isprintable() else ascii(message)[1:-1]
    return ScenarioError(
        [Problem("E106", safe, file=shown, line=line, column=column, help=help_)]
    )


def _unusable(shown: str, message: str) -> ScenarioError:
    return ScenarioError([Problem("E108", message, file=shown)])


def _too_large(
    shown: str, message: str, line: int = 1, column: int = 1
) -> ScenarioError:
    return ScenarioError(
        [Problem("E109", message, file=shown, line=line, column=column)]
    )
