"""A part: the answers of a few draws as bytes that prove themselves.

The first line has the checksum of all that follows, the second says what the part is,
the others are rows of outputs.csv, ready to be put together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from railsim.results.cells import Cell, read_csv, write_csv
from railsim.results.manifest import digest, model_version
from railsim.study.sweep.cells import World
from railsim.study.sweep.crews import Chunk
from railsim.study.sweep.drawing import Answer

FORMAT = 1
SUFFIX = ".part"
COLUMNS = ("draw", "replication", "fidelity", "cell", "alternative", "metric", "value")
Row = tuple[int, int, str, str, str, str, float | None]


class DamagedError(ValueError):
    """The bytes are not those that were written."""


@dataclass(frozen=True, slots=True)
class Part:
    """What came of a chunk: the lines of its rows, and draws that failed."""

    checksum: str
    lines: bytes
    failures: dict[int, str]
    killed: tuple[int, ...]


def name_of(shared_sha256: str, chunk: Chunk) -> str:
    """File name: hash of all that decides the contents."""
    identity = {
        "format": FORMAT,
        "model_version": model_version(),
        "shared": shared_sha256,
        "fidelity": chunk.fidelity,
        "draws": [[d.number, d.luck, dict(d.overlay)] for d in chunk.draws],
    }
    text = json.dumps(identity, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32] + SUFFIX


def write_part(
    name: str, chunk: Chunk, answers: Sequence[Answer], worlds: Sequence[World]
) -> bytes:
    """The bytes of a part."""
    head = {
        "name": name,
        "failures": {a.draw: a.failure for a in answers if a.failure},
        "killed": [a.draw for a in answers if a.is_killed],
    }
    rows = [row for a in answers for row in _rows(a, chunk.fidelity, worlds)]
    _, _, lines = write_csv(COLUMNS, rows).partition(b"\n")
    body = json.dumps(head, ensure_ascii=False).encode() + b"\n" + lines
    return f"railsim part {FORMAT} {digest(body)}\n".encode() + body


def _rows(
    answer: Answer, fidelity: str, worlds: Sequence[World]
) -> list[tuple[Cell, ...]]:
    names = [(w.cell_name, w.alternative) for w in worlds]
    names.append(("", ""))  # outputs of tables without worlds have world -1
    return [
        (answer.draw, n.replication, fidelity, *names[n.world], n.metric, n.value)
        for n in answer.numbers
    ]


def read_part(name: str, content: bytes) -> Part:
    """A part from its bytes; raises DamagedError unless they are exactly as written."""
    first, _, body = content.partition(b"\n")
    checksum = digest(body)
    if first != f"railsim part {FORMAT} {checksum}".encode():
        raise DamagedError("its checksum is another")
    line, _, lines = body.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    if head["name"] != name:
        raise DamagedError("it belongs to another draw")
    failures = {int(draw): reason for draw, reason in head["failures"].items()}
    return Part(checksum, lines, failures, tuple(head["killed"]))


def rows_of(part: Part) -> list[Row]:
    """The rows with numbers as numbers."""
    if not part.lines:
        return []
    header = ",".join(COLUMNS).encode() + b"\n"
    _, rows = read_csv(header + part.lines)
    return [
        (int(draw), int(replication), *words, float(value) if value else None)  # type: ignore[misc]
        for draw, replication, *words, value in rows
    ]
