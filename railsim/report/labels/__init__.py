"""The words of a report in the reader's language, one TOML file a language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from railsim.errors import InputError
from railsim.scenario.paths import hint_at, quote

LANGUAGES = {"en": "English", "vi": "Tiếng Việt", "zh": "中文"}


@dataclass(frozen=True)
class Words:
    """All labels of a language by dotted key."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The label of a key with its blanks filled; KeyError for an unknown key."""
        text = self.texts[key]
        return text.format_map(values) if values else text

    def named(self, kind: str, word: str) -> str:
        """What a word of the tables (a mode, an item) is called; itself if unnamed."""
        return self.texts.get(f"{kind}.{word}", word)


def words_of(language: str) -> Words:
    """The labels of a language; raises InputError for one that we do not speak."""
    if language not in LANGUAGES:
        hint = hint_at(language, LANGUAGES)
        known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise InputError(f"no labels in {quote(language)}{hint}: there are {known}")
    file = files(__name__) / f"{language}.toml"
    return Words(
        language, dict(_flat(tomllib.loads(file.read_text(encoding="utf-8")), ""))
    )


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, str):
            yield f"{prefix}{key}", value
        else:
            yield from _flat(value, f"{prefix}{key}.")
