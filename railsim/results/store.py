"""Run folders: written beside their place and moved there whole, under a lock."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from railsim.errors import StorageError
from railsim.scenario.paths import printable

LOCK_NAME = ".railsim.lock"
NEW, OLD = ".new-", ".old-"
PATIENCE_S = 30.0
_PROBE_BYTES = 65_536


def check_root(root: Path) -> None:
    """Whether a folder can hold results, found out by writing to it.

    Raises StorageError for a missing, forbidden, read-only or full one.
    """
    shown = _shown(root)
    try:
        if not root.exists():
            raise StorageError(
                f"{shown}: no such folder (make it with: mkdir -p {shown})"
            )
        if not root.is_dir():
            raise StorageError(f"{shown}: is a file, not a folder")
        probe = root / f"{NEW}probe-{os.getpid()}"
        try:
            write_file(probe, bytes(_PROBE_BYTES))
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(root, error) from None


def make_folder(folder: Path) -> Path:
    """A folder in one that is there; raises StorageError."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise storage_error(folder, error) from None
    return folder


def write_folder(root: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """Put a run folder in place, whole or not at all; equal bytes are left alone.

    Raises StorageError; then what was there before is there still.
    """
    target = root / name
    try:
        with locked(root):
            _sweep(root)
            if not _holds(target, files):
                _replace(root, target, files)
    except OSError as error:
        raise storage_error(target, error) from None
    return target


def _replace(root: Path, target: Path, files: Mapping[str, bytes]) -> None:
    new, old = root / f"{NEW}{target.name}", root / f"{OLD}{target.name}"
    try:
        _fill(new, files)
        if target.is_symlink() or target.is_file():
            raise StorageError(f"{_shown(target)}: is not a folder")
        if target.exists():
            os.replace(target, old)
        os.replace(new, target)
        sync_folder(root)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        write_file(file, content)
    for inner in (*(path for path in folder.iterdir() if path.is_dir()), folder):
        sync_folder(inner)


def write_file(file: Path, content: bytes) -> None:
    """Write bytes and wait until the disk has them."""
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    return folder.is_dir() and all(
        (folder / name).is_file() and (folder / name).read_bytes() == content
        for name, content in files.items()
    )


def _sweep(root: Path) -> None:
    """Remove what a killed command left; one between two moves lost its place."""
    for left in root.glob(f"{OLD}*"):
        place = root / left.name.removeprefix(OLD)
        if not place.exists():
            os.replace(left, place)
    for left in (*root.glob(f"{NEW}*"), *root.glob(f"{OLD}*")):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def locked(
    folder: Path, name: str = LOCK_NAME, *, is_shared: bool = False
) -> Iterator[None]:
    """One command at a time, or several that share; the lock of a dead one is open.

    Raises StorageError that names the holder when it is not free in time.
    """
    handle = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _wait_for(handle, folder, fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()}".encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _wait_for(handle: int, folder: Path, kind: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                holder = os.pread(handle, 100, 0).decode("utf-8", "replace")
                owner = printable(holder) or "another command"
                raise StorageError(f"{_shown(folder)}: in use by {owner}") from None
        time.sleep(0.05)


def storage_error(path: Path, error: OSError) -> StorageError:
    """What the system said, as one line about a path."""
    return StorageError(f"{_shown(path)}: {error.strerror or error}")


def _shown(path: Path) -> str:
    return printable(str(path))


def write_file_whole(folder: Path, name: str, content: str) -> Path:
    """Write a text into an existing folder, whole or not at all."""
    check_root(folder)
    target = folder / name
    with replacing(target) as new:
        write_file(new, content.encode())
    return target


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A file beside the target that takes its place when it is written."""
    new = target.parent / f"{NEW}{secrets.token_hex(4)}-{target.name}"
    try:
        yield new
        if new.exists():
            os.replace(new, target)
            sync_folder(target.parent)
    except OSError as error:
        raise storage_error(target, error) from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
