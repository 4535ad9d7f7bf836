"""The catalogue of formulas, each loaded from its file when first asked for (PEP 562).

Importing this package loads neither numpy nor scipy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the checker sees every name, the table below serves the run
    from railsim.formulas.calendars import *  # noqa: F403
    from railsim.formulas.charts import *  # noqa: F403
    from railsim.formulas.choice import *  # noqa: F403
    from railsim.formulas.debt import *  # noqa: F403
    from railsim.formulas.decisions import *  # noqa: F403
    from railsim.formulas.delivery import *  # noqa: F403
    from railsim.formulas.demand import *  # noqa: F403
    from railsim.formulas.discounting import *  # noqa: F403
    from railsim.formulas.economics import *  # noqa: F403
    from railsim.formulas.emissions import *  # noqa: F403
    from railsim.formulas.fx import *  # noqa: F403
    from railsim.formulas.operations import *  # noqa: F403
    from railsim.formulas.oracles import *  # noqa: F403
    from railsim.formulas.queues import *  # noqa: F403
    from railsim.formulas.rationing import *  # noqa: F403
    from railsim.formulas.sensitivity import *  # noqa: F403
    from railsim.formulas.statistics import *  # noqa: F403
    from railsim.formulas.tariffs import *  # noqa: F403
    from railsim.formulas.toy_debt import *  # noqa: F403
    from railsim.formulas.toys import *  # noqa: F403

CONTENTS = {
    "calendars": "lunar_new_year add_open_hours open_hours_between",
    "charts": "tcd_points",
    "choice": "mnl_shares nested_logit_shares path_size_factors calibrate_asc "
    "mnl_elasticities",
    "debt": "annuity_payment equal_principal_schedule idc grant_element sculpt_debt "
    "cover_ratios viability_gap debt_gdp_path",
    "decisions": "cvar evpi regret delay_option",
    "delivery": "lognormal_from_mean_quantile lognormal_from_two_quantiles "
    "lognormal_from_mean_sd spliced_overrun disbursement_calendar copula_pair",
    "demand": "gdp_forecast cost_elastic_demand logistic_from_two_points stowage "
    "nhpp_arrivals empty_moves annual_inclusion",
    "discounting": "npv irr_all mirr year_fraction",
    "economics": "rule_of_half logsum_surplus enpv_eirr switching_values "
    "residual_value carbon_price",
    "emissions": "rail_electric_g_per_tkm truck_g_per_tkm chain_emissions",
    "fx": "gbm_moments ou_log_moments",
    "operations": "scott_capacity pair_capacity line_occupancy wagon_fleet",
    "oracles": "simulate_gate simulate_single_track simulate_scheduled_service",
    "queues": "mmc mg1 mdc allen_cunneen bulk_scheduled mm1k machine_repair "
    "cobham_waits",
    "rationing": "capacitated_mnl congestion_fixed_point",
    "sensitivity": "sobol_jansen ishigami_indices gfunction_indices",
    "statistics": "triangular_ppf pert_ppf quantile_ci_ranks relative_precision_runs "
    "mser stream_uniforms",
    "tariffs": "cn_rail_container cn_rail_wagon tiered_charge truck_trip_cost "
    "safety_stock_cost generalised_cost",
    "toy_debt": "toy_finance",
    "toys": "toy_corridor",
}
HOMES = {name: home for home, names in CONTENTS.items() for name in names.split()}

__all__ = sorted(HOMES)  # read off the table, so that it is said once


def __getattr__(name: str) -> object:
    """Load a formula from its file and keep it."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    formula = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = formula
    return formula


def __dir__() -> list[str]:
    """List the catalogue."""
    return list(__all__)
