"""How kernels are compiled: without the interpreter's lock, without reordered sums.

Numba's cache looks at the file of the entry alone. So only the entry is cached, and its
arguments carry a `mark`, a fingerprint of all that is compiled into it: whoever changes
a kernel, an event's number or a unit gets a new one, not yesterday's.
"""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar, cast
from zlib import crc32

import numba
import numpy as np
from numba import types
from numba.core.caching import FunctionCache
from numba.core.event import Event, Listener, install_listener

from railsim import units
from railsim.corridor import tables
from railsim.engine import log

Function = TypeVar("Function", bound=Callable[..., Any])
Entries = Mapping[Callable[..., Any], "np.dtype[np.void]"]  # and the world of each


# A part is called by other parts only; doors for Python double the time to compile.
NO_DOORS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def kernel(function: Function) -> Function:
    """Compile a part of an entry into the midst of those who call it."""
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
    """Compile what Python calls, and keep it on disk where there is a place for it."""
    whole: Any = numba.njit(nogil=True, error_model="numpy")(function)
    with suppress(RuntimeError):  # numba found no folder that it may write to
        whole._cache = _Cache(function)
    return cast(Function, whole)


class _Cache:
    """Kernels on disk under a seal; what is damaged is as if it were not there.

    The seal is the digest of all files of an entry, written after them.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._kept: Any = cast(Any, FunctionCache)(function)
        self._folder = Path(self._kept.cache_path)
        self._name = self._kept._impl.filename_base
        self._seal = self._folder / f"{self._name}.sha256"

    @property
    def cache_path(self) -> str:
        """The folder."""
        return str(self._folder)

    def load_overload(self, signature: Any, target: Any) -> Any:
        """A compiled entry, or None."""
        with suppress(OSError):
            if self._seal.read_bytes() == self._digest():
                return self._kept.load_overload(signature, target)
        with suppress(OSError):
            self._kept.flush()
        return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep it for the next process, if there is room."""
        with suppress(OSError):
            self._kept.save_overload(signature, result)
            self._seal.write_bytes(self._digest())

    def _digest(self) -> bytes:
        found = hashlib.sha256()
        for file in sorted(self._folder.glob(f"{glob.escape(self._name)}.*nb[ic]")):
            found.update(file.read_bytes())
        return found.hexdigest().encode()


class _Announcement(Listener):
    """Tells once when an entry, not one of its parts, begins to be compiled."""

    def __init__(
        self, entries: Collection[Callable[..., Any]], on_compile: Callable[[], None]
    ) -> None:
        self._entries = entries
        self._on_compile = on_compile
        self._is_made = False

    def on_start(self, event: Event) -> None:
        """Parts are compiled within the whole."""
        if not self._is_made and event.data["dispatcher"] in self._entries:
            self._is_made = True
            self._on_compile()

    def on_end(self, event: Event) -> None:
        """Nobody asks."""


def prepare(entries: Entries, on_compile: Callable[[], None]) -> None:
    """Compile entries for the worlds they will get, or read them from disk.

    `on_compile` is called once before the first is compiled, and not when all are read.
    """
    with announcing(entries, on_compile):
        for function, world in entries.items():
            argument = cast(Any, numba).typeof(np.zeros(1, world))
            cast(Any, function).compile((argument,))


@contextmanager
def announcing(
    entries: Collection[Callable[..., Any]], on_compile: Callable[[], None]
) -> Iterator[None]:
    """Call `on_compile` once if one of the entries is compiled meanwhile."""
    with install_listener("numba:compile", _Announcement(entries, on_compile)):
        yield


def mark(file: str, *others: str) -> str:
    """A fingerprint of the folder of a file, of other files of the same kernels, and of
    what all kernels are built from.
    """
    shared = [Path(module.__file__ or "") for module in (units, tables, log)]
    folders = [Path(file).parent, Path(__file__).parent]
    sources = [*shared, *map(Path, others)]
    found = 0
    for source in sources + [f for each in folders for f in sorted(each.rglob("*.py"))]:
        found = crc32(source.read_bytes(), found)
    return f"mark_{found:08x}"
