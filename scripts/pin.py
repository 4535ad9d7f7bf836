"""Write the version of every package into pyproject.toml, one constraint a package.

    uv run python scripts/pin.py             pin what is new, drop what is gone
    uv run python scripts/pin.py --upgrade   take the newest version of everything

The lock file itself stays out of the repository because it names the index it was made
from. Where Python versions need different releases, a line carries its marker.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import tomlkit

ROOT = Path(__file__).resolve().parent.parent
EXPORT = [
    *("uv", "export", "--quiet", "--format", "requirements-txt"),
    *("--all-groups", "--all-extras", "--no-emit-project"),
    *("--no-hashes", "--no-annotate", "--no-header", "--project"),
]


def main(arguments: list[str]) -> None:
    """Resolve for all Pythons we support and rewrite the list of constraints."""
    pyproject = ROOT / "pyproject.toml"
    document = tomlkit.parse(pyproject.read_text(encoding="utf-8"))
    if "--upgrade" in arguments:
        _set_pins(document, [])
    _set_pins(document, resolve(tomlkit.dumps(document)))
    pyproject.write_text(tomlkit.dumps(document), encoding="utf-8")


def resolve(project: str) -> list[str]:
    """Exact versions for a pyproject.toml, found without the lock of this folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pyproject.toml").write_text(project, encoding="utf-8")
        (Path(folder) / "README.md").touch()
        command = [*EXPORT, folder]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return sorted(done.stdout.splitlines(), key=lambda pin: pin.split("==", 1))


def _set_pins(document: tomlkit.TOMLDocument, pins: list[str]) -> None:
    lines = tomlkit.array()
    lines.extend(pins)
    document["tool"]["uv"]["constraint-dependencies"] = lines.multiline(True)


if __name__ == "__main__":
    main(sys.argv[1:])
