"""What `init` writes: scenarios, a child, studies, schemas, a CI file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from railsim.errors import InputError, MissingError, StorageError
from railsim.scenario.jsonschema import child_schema
from railsim.scenario.paths import nearest, printable

HERE = Path(__file__).parent
PACKAGE = HERE.parent.parent
TEMPLATES = ("yunnan-haiphong", "minimal")
_SCHEMA = "railsim.schema.json"
_HEAD = f"#:schema ../{_SCHEMA}\n"


def fill(folder: Path, template: str) -> Iterator[Path]:
    """Write the files of a template, none of which may exist.

    Raises InputError for an unknown template, StorageError where one cannot write.
    """
    files = dict(_files(template))
    for name in files:
        if (folder / name).exists():
            raise InputError(f"{printable(str(folder / name))}: exists already")
    for name, text in files.items():
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            shown = printable(str(file))
            raise StorageError(f"{shown}: {error.strerror or error}") from None
        yield file


def _files(template: str) -> Iterator[tuple[str, str]]:
    if template == "minimal":
        yield (
            "scenarios/base.toml",
            _HEAD + _read(PACKAGE / "study" / "verification" / "corridor.toml"),
        )
        yield "scenarios/child.toml", _HEAD + _read(HERE / "child.toml")
        yield "scenarios/studies/study.toml", _read(HERE / "study.toml")
    elif template == "yunnan-haiphong":
        for name, text in _corridor():
            yield f"scenarios/{name}", text
        yield "scenarios/child.toml", _HEAD + _read(HERE / "child_of_corridor.toml")
    else:
        near = nearest(template, TEMPLATES)
        hint = f"did you mean {near}?" if near else f"one of {', '.join(TEMPLATES)}"
        raise InputError(f"--template {printable(template)}: unknown ({hint})")
    yield _SCHEMA, json.dumps(child_schema(), ensure_ascii=False, indent=2) + "\n"
    yield ".github/workflows/railsim.yml", _read(HERE / "ci.yml")
    yield "results/README.md", "Folders of runs; nothing here is edited by hand.\n"


def _corridor() -> Iterator[tuple[str, str]]:
    """The scenarios that come with railsim: installed, or in the checkout."""
    for root in (PACKAGE / "scenarios", PACKAGE.parent / "scenarios"):
        if (root / "base.toml").is_file():
            folders = ("", "corridor/", "studies/", "checks/")
            patterns = (*(f"{folder}*.toml" for folder in folders), "*.csv")
            for file in sorted(f for p in patterns for f in root.glob(p)):
                yield str(file.relative_to(root).as_posix()), _read(file)
            return
    raise MissingError(
        "the corridor's scenarios are not installed (--template minimal needs none)"
    )


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")
