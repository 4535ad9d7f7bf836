"""Values that are allowed one by one but not together are refused with the reason."""

import pytest

from railsim.scenario import ScenarioError, overlay
from tests.project.worlds import line

P = "projects.lchh."
CLASSES = "reference_classes."
WINDOW = {"kind": "window", "is_slipping": False}
UNIFORM = {"kind": "uniform", "is_slipping": False}
EVEN = {"kind": "uniform", "weight": 1.0, "low_year": 2028.0, "high_year": 2027.0}

IMPOSSIBLE = [
    (P + "start", {**WINDOW, "years": (2026.0,), "probabilities": ()}, "a number for"),
    (
        P + "start",
        {**WINDOW, "years": (2027.0, 2026.0), "probabilities": (0.5, 0.5)},
        "must ascend",
    ),
    (
        P + "start",
        {**WINDOW, "years": (26.5,), "probabilities": (1.0,)},
        "lie from 1950",
    ),
    (
        P + "start",
        {**WINDOW, "years": (2026.0, 2027.0), "probabilities": (1.5, -0.5)},
        "at least 0",
    ),
    (
        P + "start",
        {**WINDOW, "years": (2026.0, 2027.0), "probabilities": (0.5, 0.4)},
        "must sum to 1, found 0.9",
    ),
    (P + "start", {**UNIFORM, "low_year": 2028.0, "high_year": 2027.0}, "low_year <= "),
    (P + "start.parts", {"in_2026": EVEN}, "must sum to 1"),
    (P + "start.parts.in_2027.low_year", 2028.5, "must not overlap|low_year <= "),
    (P + "duration.low_years", 6.0, "low_years <= mode_years"),
    (
        P + "duration",
        {
            "kind": "structural",
            "works_years": 5.0,
            "p50_factor": 1.7,
            "p80_factor": 1.6,
        },
        "p50_factor <= p80_factor",
    ),
    (CLASSES + "spliced.low", 1.6, "low < threshold < tail_mean"),
    (CLASSES + "lognormal_uk.high", 1.3, "higher quantile"),
    (CLASSES + "asia_china.values", (), "at least one"),
    (CLASSES + "lognormal_mq.value", 3.0, "no lognormal"),
    ("passengers.lchh.forecast_years", (2040, 2030, 2050), "must ascend"),
    ("passengers.lchh.forecast_trips", (1.0,), "a number for each"),
    ("passengers.lchh.forecast_trips", (1.0, 0.0, 1.0), "above 0"),
    (P + "components.track.shadow.land", 0.5, "shares must sum to 1"),
    (P + "components.track.start_year", 2027.0, "go together"),
    (P + "components.stations.end_year", 2025.0, "before end_year"),
    (P + "plan.opens_year", 2026.0, "before opens_year"),
    (P + "sections", {"lchh": 1.0}, "after 0 years"),
    (P + "delay_cost.component", "bridges", "no component bridges"),
    (P + "fleet_component", "trains", "no component trains"),
    (P + "components.stations.amount.usd", 9e9, "approved total in dollars"),
    (P + "components.stations.amount.vnd", 3e14, "approved total in dong"),
    ("budget.project_state_share", 0.5, "at most 1 together"),
    ("budget.claims.hanoi_metro.end_year", 2025.0, "before end_year"),
]


@pytest.mark.parametrize(("path", "value", "reason"), IMPOSSIBLE)
def test_what_cannot_be_is_refused_with_its_reason(path, value, reason):
    with pytest.raises(ScenarioError, match=reason) as caught:
        overlay(line(), {path: value})

    assert all(p.code in ("E103", "E111") for p in caught.value.problems)


def test_a_project_all_of_own_amounts_is_refused():
    stations = line().projects["lchh"].components["stations"].model_dump()
    others = dict.fromkeys(
        f"{P}components.{name}"
        for name in line().projects["lchh"].components
        if name not in ("stations", "management", "rolling_stock")
    )
    own = {
        f"{P}components.{name}": {**stations, "share": None}
        for name in ("management", "rolling_stock")
    }

    with pytest.raises(ScenarioError, match="one of components must have a share"):
        overlay(line(), {**others, **own})


LATE = {"kind": "uniform", "low_year": 2066.0, "high_year": 2067.0}
LATE_STARTS = [
    {**LATE, "is_slipping": False},
    {**WINDOW, "years": (2066.0,), "probabilities": (1.0,)},
    {"kind": "fixed", "year": 2066.5, "is_slipping": False},
]


@pytest.mark.parametrize("start", LATE_STARTS, ids=lambda s: s["kind"])
def test_no_start_may_lie_after_the_horizon(start):
    with pytest.raises(ScenarioError, match="works start in 2066, after the last year"):
        overlay(line(), {"projects.lchh.start": start})


def test_a_mixture_may_not_lie_after_the_horizon():
    only = dict.fromkeys(("in_2027", "later"))
    late = {f"{P}start.parts.{name}": value for name, value in only.items()}
    late[f"{P}start.parts.in_2026"] = {**LATE, "weight": 1.0}

    with pytest.raises(ScenarioError, match="works start in 2066, after the last year"):
        overlay(line(), late)


def test_a_project_that_is_not_built_may_start_whenever_it_likes():
    late = {**UNIFORM, "low_year": 2066.0, "high_year": 2067.0}
    values = {"openings.lchh.is_built": False, "projects.lchh.start": late}

    assert overlay(line(), values).projects["lchh"].start.low_year == 2066.0
