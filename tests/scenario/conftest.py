"""Scenarios for the tests: the smallest complete one and children of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MINIMAL = HERE / "minimal.toml"
WriteChild = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with minimal.toml in it."""
    (tmp_path / "minimal.toml").write_bytes(MINIMAL.read_bytes())
    return tmp_path


@pytest.fixture
def write_child(folder: Path) -> WriteChild:
    """Write a file of the folder that extends minimal.toml, or what is given."""

    def write(
        body: str, name: str = "child.toml", extends: str = '"minimal.toml"'
    ) -> Path:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"extends = {extends}\n{body}", encoding="utf-8")
        return file

    return write
