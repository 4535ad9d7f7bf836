"""A digest of a plan: two plans with one digest are one year, simulated once."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from railsim.corridor.tables import Plan


def fingerprint(plan: Plan) -> str:
    """SHA-256 over names, arrays and rules of a plan."""
    digest = hashlib.sha256()
    for chunk in _chunks(plan):
        digest.update(chunk)
        digest.update(b"\0")
    return digest.hexdigest()


def _chunks(thing: Any) -> Any:
    if isinstance(thing, np.ndarray):
        yield str(thing.dtype).encode()
        yield np.ascontiguousarray(thing).tobytes()
    elif is_dataclass(thing):
        for f in fields(thing):
            yield from _chunks(getattr(thing, f.name))
    elif isinstance(thing, tuple | list):
        yield str(len(thing)).encode()
        for part in thing:
            yield from _chunks(part)
    elif isinstance(thing, dict):
        for key in thing:
            yield repr(key).encode()
            yield from _chunks(thing[key])
    else:
        yield repr(thing).encode()
