"""All checks in one list, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from railsim.scenario import load_scenario
from railsim.study.verification.agreement import check_agreement
from railsim.study.verification.checks import Check
from railsim.study.verification.closed_forms import check_closed_forms
from railsim.study.verification.conservation import check_conservation
from railsim.study.verification.examples import check_examples
from railsim.study.verification.queues import WORLD, check_queues, run_year

SEED = 20260101
CORRIDOR = WORLD.parent / "corridor.toml"


def prove(*, is_quick: bool) -> list[Check]:
    """Run every check; the quick ones look at fewer lots."""
    queue, corridor = load_scenario(WORLD), load_scenario(CORRIDOR)
    return [
        *check_examples(),
        *check_queues(is_quick=is_quick, seed=SEED),
        *check_closed_forms(is_quick=is_quick, seed=SEED),
        *check_conservation("queue", *run_year(queue, SEED)),
        *check_conservation("corridor", *run_year(corridor, SEED)),
        *check_agreement(count=25 if is_quick else 500, seed=SEED),
    ]


def as_text(checks: Sequence[Check]) -> str:
    """A line a check, what failed first in each group, and the count."""
    lines = []
    for group, members in groupby(checks, key=lambda check: check.group):
        lines.append(group)
        lines += [_line(check) for check in members]
    passed = len([check for check in checks if check.is_passed])
    lines.append(f"{passed} of {len(checks)} checks passed")
    return "\n".join(lines)


def _line(check: Check) -> str:
    verdict = "ok  " if check.is_passed else "FAIL"
    return (
        f"  {verdict} {check.claim}: {check.found}, "
        f"expected {check.expected} (+- {check.allowed})"
    )


def as_markdown(checks: Sequence[Check]) -> str:
    """The same as a page with a table."""
    passed = len([check for check in checks if check.is_passed])
    lines = [
        "# Verification of railsim",
        "",
        "Written by `railsim verify --out docs`: do not edit. Does the model compute",
        "what it should? Whether that is like the world, `verify --backcast` asks.",
        "A mean of events may be off by 3 standard errors and 0.2 %, closed forms by",
        "what is known of their accuracy.",
        "",
        f"{passed} of {len(checks)} checks passed.",
        "",
        "| group | claim | expected | found | allowed | passed |",
        "|---|---|---|---|---|---|",
    ]
    for c in checks:
        verdict = "yes" if c.is_passed else "**no**"
        cells = (c.group, c.claim, c.expected, c.found, c.allowed, verdict)
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join([*lines, ""])
