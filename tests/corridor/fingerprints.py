"""A digest of a plan: two plans with one digest are one year, simulated once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from railsim.corridor.tables import Plan, Stream
from railsim.sharing import Itself


def fingerprint(plan: Plan) -> str:
    """SHA-256 over names, arrays and rules of a plan."""
    digest, texts = hashlib.sha256(), dict[int, bytes]()
    for chunk in _chunks(plan, texts):
        digest.update(chunk)
        digest.update(b"\0")
    return digest.hexdigest()


def _chunks(thing: Any, texts: dict[int, bytes]) -> Iterator[bytes]:
    """Arrays as bytes, all else as text; what is met again is not written anew."""
    if id(thing) in texts:
        yield texts[id(thing)]
    elif isinstance(thing, np.ndarray):
        yield f"{thing.dtype} {thing.shape}".encode()
        yield thing.tobytes()
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield repr(key).encode()
            yield from _chunks(value, texts)
    elif isinstance(thing, Stream):
        yield _text_of(Itself(thing))
    elif _is_plain(thing):
        texts[id(thing)] = repr(thing).encode()
        yield texts[id(thing)]
    else:
        parts = thing if isinstance(thing, tuple) else _values(thing)
        yield str(len(parts)).encode()
        for part in parts:
            yield from _chunks(part, texts)


@lru_cache(2**14)
def _text_of(stream: Itself[Stream]) -> bytes:
    """Plans of one scenario share their streams."""
    return repr(stream.thing).encode()


def _is_plain(thing: Any) -> bool:
    """Whether the text of a thing says all: it holds no arrays."""
    if isinstance(thing, tuple):
        return all(map(_is_plain, thing))
    return not isinstance(thing, np.ndarray) and not is_dataclass(thing)


def _values(record: Any) -> list[Any]:
    return [getattr(record, f.name) for f in fields(record)]
