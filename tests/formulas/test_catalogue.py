"""The catalogue of the model's appendix A: names, arguments, sources, light imports."""

import inspect
import subprocess
import sys

import pytest

import railsim.formulas as formulas

APPENDIX_A = """
lunar_new_year: year tz_hours
add_open_hours: start hours calendar
open_hours_between: start end calendar
gdp_forecast: base growth elasticity
cost_elastic_demand: q0 gc0 gc1 elasticity
logistic_from_two_points: t1 p1 t2 p2 eval_at
stowage: tonnes density_t_m3 payload_t volume_m3 fill
nhpp_arrivals: breaks rates uniforms
empty_moves: loaded_out loaded_in
scott_capacity: run_min block_min efficiency maintenance_min
pair_capacity: period_min fixed_min efficiency passenger_pairs removal_coef
line_occupancy: trains window_min added_rate
wagon_fleet: teu_per_year operating_days teu_per_train load_factor cycle_h
    wagons_per_train spare
simulate_gate: arrivals_h services_h lanes open_h close_h close_rule
simulate_single_track: sections_h clear_h trains
simulate_scheduled_service: departures_h cutoff_h capacity min_load lots overtake
    max_cancel
cn_rail_container: km box discount with_fund
cn_rail_wagon: km tonnes tariff_no fund_per_tkm discount
tiered_charge: days free_days tiers
truck_trip_cost: km_loaded km_empty fuel_l_per_100km_loaded fuel_l_per_100km_empty
    fuel_price toll_per_km other_per_km hours driver_per_h capital_per_h
    border_fixed markup payload_t
safety_stock_cost: value hold_rate z lead_days lead_sd demand_per_day demand_sd
generalised_cost: legs_usd handling_usd border_usd dwell_usd value insurance_rate
    inventory_rate decay_per_day t_days t_sd headway_days sched_usd_per_day
    hold_rate z demand_per_day demand_sd
mnl_shares: gc asc theta
nested_logit_shares: gc asc theta nests scale
path_size_factors: routes length
calibrate_asc: observed gc theta ref
mnl_elasticities: gc asc theta wrt
capacitated_mnl: gc asc theta demand capacity capped
congestion_fixed_point: demand theta gc_rail_free gc_road delay_usd_per_h mu
    msa_iters
lognormal_from_mean_quantile: mean q p
lognormal_from_two_quantiles: q1 p1 q2 p2
lognormal_from_mean_sd: mean sd
spliced_overrun: mean threshold p_tail tail_mean low u
disbursement_calendar: profile params total start_year duration_years years
copula_pair: u1 u2 rho
annuity_payment: principal rate per_year n
equal_principal_schedule: principal rate per_year grace_periods repay_periods
idc: draws rate per_year commit_fee mgmt_fee capitalise
grant_element: rate discount maturity_y grace_y per_year
npv: rate cashflows convention
irr_all: cashflows
mirr: cashflows finance_rate reinvest_rate
sculpt_debt: cfads dscr rate
cover_ratios: cfads principal rate n project_cfads_tail
viability_gap: capex equity cfads dscr rate
debt_gdp_path: d0 interest growth deflator primary_balance project
year_fraction: start end basis
gbm_moments: s0 mu sigma t p
ou_log_moments: x0 theta kappa sigma t
annual_inclusion: year opening tau_r
toy_corridor: base_year base_teu gdp_growth elasticity routes gc asc theta opening
    tau_r rail_tariff_usd t_per_teu kg_per_t report_years
toy_finance: capex_half_years loan_share rate commit_fee mgmt_fee repay_half_years
    cfads_first cfads_growth_per_half operation_half_years
tcd_points: rows
rule_of_half: q0 q1 gc0 gc1
logsum_surplus: gc0 asc0 gc1 asc1 theta trips
enpv_eirr: capex om_first om_growth ben_first ben_growth ben_switch_after
    ben_growth2 n_oper residual_share rate
switching_values: pv
residual_value: assets age
carbon_price: year anchors growth_after
rail_electric_g_per_tkm: kwh_per_gtkm gross_net ef_kg_per_kwh td_loss wtt_factor
    empty_factor
truck_g_per_tkm: l100_loaded l100_empty empty_ratio payload_t ef_wtw_kg_per_l
chain_emissions: tonnes legs hubs
triangular_ppf: u low mode high
pert_ppf: u low mode high
quantile_ci_ranks: n p conf
relative_precision_runs: mean sd n0 gamma conf
mser: batch_means
sobol_jansen: A B function
ishigami_indices: a b
gfunction_indices: a
cvar: outcomes probabilities alpha
evpi: payoff prob
regret: payoff
delay_option: enpv_now prob enpv_later_factor learn_cost
mmc: arrival_rate service_rate servers
mg1: arrival_rate mean_service cv
mdc: arrival_rate service_time servers
allen_cunneen: arrival_rate service_rate servers ca2 cs2
bulk_scheduled: arrival_rate headway capacity
mm1k: arrival_rate service_rate capacity
machine_repair: units mtbf mttr crews
cobham_waits: arrival_rates mean_services cvs
stream_uniforms: seed name replication n
"""


def read_signatures() -> dict[str, list[str]]:
    """Read the table: a name, a colon and its arguments, indented lines continuing."""
    lines = APPENDIX_A.replace("\n    ", " ").strip().splitlines()
    return {line.split(":")[0]: line.split(":")[1].split() for line in lines}


SIGNATURES = read_signatures()


def test_the_package_exports_just_the_catalogue_in_order():
    assert formulas.__all__ == sorted(SIGNATURES)
    assert set(formulas.__all__) <= set(dir(formulas))


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_formula_takes_its_documented_arguments_by_name_only(name):
    parameters = inspect.signature(getattr(formulas, name)).parameters

    assert list(parameters) == SIGNATURES[name]
    assert {p.kind for p in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert {p.default for p in parameters.values()} == {inspect.Parameter.empty}


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_formula_says_what_it_does_what_it_refuses_and_whence_it_comes(name):
    text = inspect.getdoc(getattr(formulas, name)) or ""

    assert text.splitlines()[0].endswith(".")
    assert "ValueError" in text
    assert "Source: " in text


def test_a_name_outside_the_catalogue_is_not_found():
    with pytest.raises(AttributeError, match="net_present_wealth"):
        _ = formulas.net_present_wealth


def test_importing_the_catalogue_loads_neither_numpy_nor_scipy():
    code = (
        "import sys, railsim.formulas as formulas;"
        "heavy = {'numpy', 'scipy'} & set(sys.modules); assert not heavy, heavy;"
        "formulas.npv; assert 'scipy' in sys.modules"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
