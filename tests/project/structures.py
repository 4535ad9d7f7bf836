"""Random project structures that a scenario accepts."""

from typing import Any

from hypothesis import strategies as st

from railsim.project import ProjectLuck
from railsim.scenario.schema.worth.projects import Project
from tests.project.worlds import line

SHADOW = {"traded": 0.5, "non_traded": 0.25, "skilled": 0.1, "unskilled": 0.1}
SHADOW |= {"taxes": 0.03, "land": 0.02}
INSIDE = st.floats(0.001, 0.999)
LUCKS = st.builds(ProjectLuck, INSIDE, INSIDE, INSIDE, INSIDE)
YEARS = st.floats(2026.0, 2032.0)
CURVES = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("beta"), "a": st.floats(0.5, 8), "b": st.floats(0.5, 8)}
    ),
    st.fixed_dictionaries({"kind": st.just("rayleigh"), "k": st.floats(0.1, 20)}),
    st.fixed_dictionaries(
        {
            "kind": st.just("logistic"),
            "k": st.floats(0.5, 30),
            "midpoint": st.floats(0, 1),
        }
    ),
)


@st.composite
def starts(draw: st.DrawFn) -> dict[str, Any]:
    """One of the four kinds of start."""
    kind = draw(st.sampled_from(["fixed", "window", "uniform", "mixture"]))
    slips = {"kind": kind, "is_slipping": draw(st.booleans())}
    years = tuple(sorted(draw(st.sets(YEARS, min_size=2, max_size=2))))
    share = draw(st.floats(0, 1))
    match kind:
        case "fixed":
            return {**slips, "year": years[0]}
        case "window":
            return {**slips, "years": years, "probabilities": (share, 1.0 - share)}
        case "uniform":
            return {**slips, "low_year": years[0], "high_year": years[1]}
    even = {"kind": "uniform", "low_year": years[0], "high_year": years[1]}
    late = {"kind": "exponential", "low_year": years[1], "mean_years": 1.0}
    parts = {"a": {**even, "weight": share}, "b": {**late, "weight": 1.0 - share}}
    return {"kind": kind, "parts": parts}


@st.composite
def components(draw: st.DrawFn) -> dict[str, Any]:
    """Two to six parts of the cost; perhaps one with an amount and dates of its own."""
    weights = draw(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=5))
    found: dict[str, Any] = {
        f"part_{i}": {"name": "part", "share": w / sum(weights), "shadow": SHADOW}
        for i, w in enumerate(weights)
    }
    if draw(st.booleans()):
        begins = draw(st.floats(2020.0, 2035.0))
        found["own"] = {
            "name": "own",
            "amount": {"usd": 1e8, "vnd": 2.5e12},
            "start_year": begins,
            "end_year": begins + draw(st.floats(0.1, 5.0)),
            "shadow": SHADOW,
        }
    return found


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """The Lao Cai line with another structure of dates, cost and spending."""
    low, mode, high = sorted(draw(st.tuples(*[st.floats(2.0, 12.0)] * 3)))
    held = {"share": draw(st.floats(0, 0.2)), "lag_years": draw(st.floats(0, 2))}
    tables = {
        "components": draw(components()),
        "start": draw(starts()),
        "duration": {
            "kind": "triangular",
            "low_years": low,
            "mode_years": mode,
            "high_years": high,
        },
        "curve": draw(CURVES),
        "retention": draw(st.sampled_from([None, held])),
        "capex_currency_basis": draw(st.sampled_from(["usd", "vnd"])),
        "delay_cost": {
            "share_per_year": draw(st.floats(0, 0.05)),
            "component": "part_0",
        },
        "fleet_component": None,
        "outside_view": draw(st.floats(0, 1)),
        "reference_class": draw(st.sampled_from(sorted(line().reference_classes))),
        "overrun_limit": 5.0,
        "sections": {"lchh": 0.0},
    }
    return Project.model_validate(line().projects["lchh"].model_dump() | tables)
