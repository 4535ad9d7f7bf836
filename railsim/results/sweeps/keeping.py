"""The folder of a sweep: parts written whole or not at all, and nothing else kept.

A part is there or it is not; its presence is the only record of progress.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from railsim.results.store import (
    NEW,
    check_root,
    locked,
    replacing,
    storage_error,
    write_file,
)
from railsim.results.sweeps.parts import SUFFIX, DamagedError, Part, read_part

PARTS = "parts"


@dataclass(frozen=True)
class Keep:
    """A sweep folder that is locked by this command."""

    folder: Path

    @property
    def parts(self) -> Path:
        """Where the parts lie."""
        return self.folder / PARTS

    def read(self, name: str) -> Part | None:
        """A part if it is there and undamaged."""
        try:
            content = (self.parts / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise storage_error(self.parts / name, error) from None
        try:
            return read_part(name, content)
        except DamagedError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Put a part in place; equal bytes are left alone. Raises StorageError."""
        put_file(self.parts / name, content)

    def forget(self) -> None:
        """Remove all parts."""
        self._remove(f"*{SUFFIX}")

    def tidy(self) -> None:
        """Remove what a killed command left half written."""
        self._remove(f"{NEW}*")

    def _remove(self, pattern: str) -> None:
        try:
            for file in (*self.parts.glob(pattern), *self.folder.glob(f"{NEW}*")):
                file.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(self.parts, error) from None


@contextlib.contextmanager
def open_keep(root: Path, name: str, shard: str = "") -> Iterator[Keep]:
    """The folder of a sweep, for this command alone or for one of its shards.

    Shards share the folder and lock their own number. Raises StorageError.
    """
    check_root(root)
    keep = Keep(root / name)
    with contextlib.ExitStack() as locks:
        try:
            keep.parts.mkdir(parents=True, exist_ok=True)
            locks.enter_context(locked(keep.folder, is_shared=bool(shard)))
            if shard:
                own = f".railsim-shard-{shard.replace('/', '-of-')}.lock"
                locks.enter_context(locked(keep.folder, own))
            else:
                keep.tidy()
        except OSError as error:
            raise storage_error(keep.folder, error) from None
        yield keep


def put_file(target: Path, content: bytes) -> None:
    """Write a file whole or not at all; equal bytes are left alone."""
    with replacing(target) as new:
        if target.is_file() and target.read_bytes() == content:
            return
        write_file(new, content)
