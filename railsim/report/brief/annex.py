"""Where every number of a brief is from: its cell, its run, its sources."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from railsim.report.brief.composing import Composed, Text
from railsim.report.brief.schema import Number
from railsim.results.manifest import NAME, digest
from railsim.results.reading import Run

_OF_THE_SHOW = {"unit", "is_year", "behind"}


def reference_rows(brief: Composed, everything: str) -> Sequence[Sequence[Text]]:
    """Number, value, cell, and the assumptions behind it; `everything` for all."""
    return [
        [
            [str(each.number)],
            [each.text],
            [address_of(brief.numbers[each.name])],
            [", ".join(brief.numbers[each.name].behind) or everything],
        ]
        for each in brief.references
    ]


def address_of(number: Number) -> str:
    """Which cell a number is and how it is read, as TOML that can be read again."""
    told = number.model_dump(exclude_defaults=True, exclude=_OF_THE_SHOW)
    return "; ".join(f"{name} = {_toml(value)}" for name, value in told.items())


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(k)} = {_toml(v)}" for k, v in value.items())
        return f"{{ {inner} }}"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    is_bare = name.isascii() and name.isidentifier()
    return name if is_bare else json.dumps(name, ensure_ascii=False)


def source_rows(run: Run) -> Sequence[Sequence[Text]]:
    """Each source with the number of values that it vouches for, the most first."""
    found = Counter(
        (row["source"], row["publisher"], row["date"])
        for row in run.rows("assumptions")
        if row["source"]
    )
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return [[*([word] for word in key), [str(count)]] for key, count in ordered]


def hash_of(run: Run) -> str:
    """SHA-256 of the manifest, which has those of all other files."""
    return digest((run.folder / NAME).read_bytes())
