"""How kernels are compiled: without the interpreter's lock, without reordered sums.

Numba's cache looks at the file of the entry alone. So only the entry is cached, and its
arguments carry `mark()`, a fingerprint of all that is compiled into it: whoever changes
a kernel, an event's number or a unit gets a new one, not yesterday's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast
from zlib import crc32

import numba
from numba import types

from railsim import units
from railsim.corridor import tables
from railsim.engine import log

Function = TypeVar("Function", bound=Callable[..., Any])


# A part is called by other parts only; doors for Python double the time to compile.
NO_DOORS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def kernel(function: Function) -> Function:
    """Compile a part of the engine into the midst of those who call it."""
    return _part(function, is_within=True)


def rare(function: Function) -> Function:
    """Compile a part that is seldom called, or long, apart from those who call it."""
    return _part(function, is_within=False)


def _part(function: Function, *, is_within: bool) -> Function:
    """Compile a part once for whole numbers of any width.

    Left unsaid, `forceinline` would be that of the first who calls.
    """
    part: Any = numba.njit(
        nogil=True, error_model="numpy", forceinline=is_within, **NO_DOORS
    )(function)
    look_up = part.get_call_template
    part.get_call_template = lambda given, named: look_up(_widened(given), named)
    return cast(Function, part)


def _widened(given: tuple[Any, ...]) -> tuple[Any, ...]:
    """Types of arguments, with 8 bytes for whole numbers that are no constants."""
    return tuple(types.int64 if type(one) is types.Integer else one for one in given)


def entry(function: Function) -> Function:
    """Compile the engine, and keep it on disk."""
    whole = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    return cast(Function, whole)


@cache
def mark() -> str:
    """A fingerprint of the sources of the kernels and of the numbers they use."""
    files = [Path(module.__file__ or "") for module in (units, tables, log)]
    files += sorted(Path(__file__).parent.rglob("*.py"))
    found = 0
    for file in files:
        found = crc32(file.read_bytes(), found)
    return f"mark_{found:08x}"
