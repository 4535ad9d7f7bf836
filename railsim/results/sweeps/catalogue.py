"""The tables of a sweep folder: columns, units, meanings, how they are made."""

from __future__ import annotations

from collections.abc import Sequence

from railsim.results.tables.columns import Column, Kind, Table
from railsim.rows import columns_of
from railsim.study.uncertainty.sampling import InputRow

SEE_UNIT = "see metrics"  # the unit of an output stands in metrics.csv
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
OVER_DRAWS = "over the draws that did not fail, each the mean of its replications"
STUDENT = "mean +- t(0.975, n - 1) s / sqrt(n)"


def _key(name: str, meaning: str, kind: Kind = "string") -> Column:
    return Column(name, "id", meaning, "key", kind, False)


def _value(
    name: str, meaning: str, rule: str, unit: str = SEE_UNIT, kind: Kind = "number"
) -> Column:
    return Column(name, unit, meaning, rule, kind, False)


_DRAW = _key("draw", "draw, from 0", "integer")
_FIDELITY = _key("fidelity", "event or analytic")
_ALTERNATIVE = _key("alternative", "world that is compared; empty: of all worlds")
_METRIC = _key("metric", "output of the study")
_INPUT = columns_of(InputRow)

INPUTS = Table(
    "inputs_draws",
    "what each draw laid over the scenario",
    (_DRAW, _key("param", _INPUT["param"][1])),
    (
        _value("value", _INPUT["value"][1], "by its distribution", "id", "string"),
        _value("u", _INPUT["u"][1], "by the design", "1"),
    ),
)
DRAWS = Table(
    "draws",
    "how the draws of the design belong together, and why some have no answer",
    (_DRAW,),
    (
        _value("group", "base point, trajectory or repetition", "by the design", "id"),
        _value("moved", "input that was moved alone", "by the design", "id", "string"),
        _value("luck", "number of its daily luck", "by the design", "id", "integer"),
        _value("failure", "why it has no answer", "first reason", "id", "string"),
    ),
)
METRICS = Table(
    "metrics",
    "what the outputs of the study are",
    (_METRIC,),
    (
        _value("unit", "unit of its values", "as the column", "id", "string"),
        _value("meaning", "which rows became one number", "as said", "id", "string"),
    ),
)
OUTPUTS = Table(
    "outputs",
    "one number of one world in one draw",
    (
        _DRAW,
        _key("replication", "year of luck of the draw, from 0", "integer"),
        _FIDELITY,
        _key("cell", "levels of the axes; empty outside the grid"),
        _ALTERNATIVE,
        _METRIC,
    ),
    (_value("value", "the number; empty: nothing to measure", "as metrics.csv says"),),
)
_TWO = "Giles 2015; the first draws are in both terms"
LEVELS = Table(
    "two_levels",
    "closed forms over all draws, put right by events over the first",
    (_key("cell", "levels of the axes"), _ALTERNATIVE, _METRIC),
    (
        _value("analytic", "mean by closed forms", OVER_DRAWS),
        _value("analytic_ci95", "95 % half-width of it", STUDENT),
        _value("n", "draws by closed forms", "count", "1", "integer"),
        _value("correction", "event less analytic, same draw", OVER_DRAWS),
        _value("correction_ci95", "95 % half-width of it", STUDENT),
        _value("n_event", "draws by events", "count", "1", "integer"),
        _value("mean", "sum of the two", "analytic + correction"),
        _value("mean_ci95", "95 % half-width of it", _TWO),
        _value("cost_ratio", "event draws it is worth, of each made", _TWO, "1"),
    ),
)


def grid_table(axes: Sequence[str]) -> Table:
    """`sweep_grid` of a study with these axes."""
    return Table(
        "sweep_grid",
        "every output in every cell: its spread, and how it differs from the reference",
        (
            *(_key(axis, "level of the axis; empty outside the grid") for axis in axes),
            *(_FIDELITY, _ALTERNATIVE, _METRIC),
        ),
        (
            *(
                _value(f"p{round(100 * q):02d}", f"{q:.0%} of draws are below", _TYPE_7)
                for q in QUANTILES
            ),
            _value("mean", "mean", OVER_DRAWS),
            _value("mean_ci95", "95 % half-width of the mean", STUDENT),
            _value("sd", "standard deviation", OVER_DRAWS),
            _value("n", "draws with a value", "count", "1", "integer"),
            _value("diff_vs_ref_mean", "mean less the reference cell", _PAIRED),
            _value("diff_ci_lo", "lower end of its 95 % interval", STUDENT),
            _value("diff_ci_hi", "upper end of its 95 % interval", STUDENT),
            _value("diff_n", "draws with both values", "count", "1", "integer"),
            _value("variance_ratio", "what pairing the draws is worth", _RATIO, "1"),
        ),
    )


_TYPE_7 = "linear between order statistics (type 7)"
_PAIRED = "mean of the differences draw by draw, the same draws in both cells"
_RATIO = "(variance here + variance of the reference) / variance of the difference"


def sweep_tables(axes: Sequence[str], *, has_levels: bool) -> tuple[Table, ...]:
    """All tables of a sweep, in the order of its Data Package."""
    tables = (INPUTS, DRAWS, METRICS, OUTPUTS, grid_table(axes))
    return (*tables, LEVELS) if has_levels else tables
