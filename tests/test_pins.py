"""Every package that can be installed here has one version for each Python."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.sources import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = PYPROJECT["tool"]["uv"]["constraint-dependencies"]
PYTHONS = ("3.11", "3.12", "3.13")


def test_every_package_that_is_installed_has_a_pin():
    pinned = {canonicalize_name(Requirement(pin).name) for pin in PINS}

    assert sorted(closure(declared()) - pinned) == []


@pytest.mark.parametrize("python", PYTHONS)
def test_no_package_has_two_pins_for_one_python(python):
    names = [r.name for r in map(Requirement, PINS) if applies(r, python)]

    assert names == sorted(set(names))


def test_pins_are_exact_and_hold_no_address():
    inexact = [
        pin for pin in PINS if not re.fullmatch(r"[\w.-]+==[^/@;]+(;[^/@]+)?", pin)
    ]

    assert inexact == []


def declared() -> list[str]:
    """What pyproject.toml asks for: package, extras and groups."""
    project = PYPROJECT["project"]
    extras = project.get("optional-dependencies", {})
    groups = PYPROJECT["dependency-groups"]
    lists = (project["dependencies"], *extras.values(), *groups.values())
    return [line for lines in lists for line in lines if isinstance(line, str)]


def closure(requirements: list[str]) -> set[str]:
    """Names of all packages that these bring with them on this machine."""
    found: set[str] = set()
    waiting = list(map(Requirement, requirements))
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or name == "railsim" or not applies(requirement):
            continue
        found.add(name)
        waiting += map(Requirement, metadata.requires(name) or ())
    return found


def applies(requirement: Requirement, python: str | None = None) -> bool:
    """Whether a requirement counts on this machine, or one like it, without extras."""
    marker = requirement.marker
    versions = {"python_version": python, "python_full_version": f"{python}.0"}
    environment = {"extra": "", **(versions if python else {})}
    return marker is None or marker.evaluate(environment)
