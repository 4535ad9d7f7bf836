"""Tables of what is built, who pays for it and what society makes of it."""

from __future__ import annotations

from railsim.appraisal import rows as society
from railsim.balance import CheckRow
from railsim.finance import rows as owners
from railsim.finance.summary import SummaryRow
from railsim.outcome import AlternativeRow, HalfRuleRow, StartRow
from railsim.project.rows import ClaimRow, OddsRow, ProjectRow
from railsim.results.tables.columns import Table, keys_of, texts_of, values_of

ALTERNATIVES = Table(
    "alternatives",
    "worlds that are compared, and which of them share one traffic",
    keys_of(AlternativeRow, "alternative"),
    texts=texts_of(AlternativeRow, "title", "traffic_of"),
)
PROJECT = Table(
    "project",
    "how projects go: dates, overruns, spending year by year",
    keys_of(ProjectRow, "alternative", "project", "item", "year"),
    values_of(ProjectRow, "value"),
    texts_of(ProjectRow, "unit", "currency", "price_year", "basis", "timing"),
    has_empty_keys=True,
)
PROJECT_ODDS = Table(
    "project_odds",
    "how likely a project is to start, open or cost what, by each reference class",
    keys_of(
        OddsRow,
        *("alternative", "project", "reference_class", "item", "statistic"),
    ),
    values_of(OddsRow, "value"),
    texts_of(OddsRow, "is_in_force", "unit"),
)
CLAIMS = Table(
    "claims",
    "who wants how much of the public purse and of the lender",
    keys_of(ClaimRow, "alternative", "year", "claimant"),
    values_of(ClaimRow, "state_usd", "lender_usd", "envelope_usd", "ceiling_usd"),
)
FINANCE_ANNUAL = Table(
    "finance_annual",
    "accounts of operators, owner of the line and treasury, year by year",
    keys_of(owners.FinanceRow, "alternative", "account", "item", "tranche", "year"),
    values_of(owners.FinanceRow, "usd_nominal", "usd_real"),
    texts_of(owners.FinanceRow, "is_cash", "currency", "price_year", "timing"),
    has_empty_keys=True,
)
FINANCE_SUMMARY = Table(
    "finance_summary",
    "what accounts come to: cover ratios, returns, subsidies, public debt",
    keys_of(SummaryRow, "alternative", "scope", "metric", "prices"),
    values_of(SummaryRow, "value"),
    texts_of(SummaryRow, "package", "unit", "price_year", "timing", "remark"),
    has_empty_keys=True,
)
FINANCE_CHECKS = Table(
    "finance_checks",
    "does the money add up? a failed check ends the run",
    keys_of(CheckRow, "alternative", "check", "scope"),
    values_of(CheckRow, "residual", "tolerance"),
    texts_of(CheckRow, "is_met"),
    has_empty_keys=True,
)
DEBT_SCHEDULE = Table(
    "debt_schedule",
    "every loan from signing to maturity, half-year by half-year",
    keys_of(owners.ScheduleRow, "alternative", "tranche", "end_date"),
    values_of(
        owners.ScheduleRow,
        *("rate", "opening", "draw", "interest", "interest_capitalised", "fees"),
        *("principal", "closing", "draw_usd", "service_usd", "closing_usd"),
        "fx_loss_usd",
    ),
    texts_of(owners.ScheduleRow, "borrower", "currency"),
)
PUBLIC_DEBT = Table(
    "public_debt",
    "public debt and its service without and with what is built",
    keys_of(owners.PublicDebtRow, "alternative", "year"),
    values_of(
        owners.PublicDebtRow,
        *("gdp_usd", "debt_without_share", "debt_with_share"),
        *("government_debt_share", "service_without_share", "service_with_share"),
        *("guaranteed_usd", "expected_calls_usd"),
    ),
)
PUBLIC_LENDERS = Table(
    "public_lenders",
    "public debt by country of the lender",
    keys_of(owners.LenderRow, "alternative", "country", "year"),
    values_of(owners.LenderRow, "owed_usd", "debt_share"),
)
CBA_ANNUAL = Table(
    "cba_annual",
    "gains of every party by effect, year by year, against the first alternative",
    keys_of(society.CbaAnnualRow, "alternative", "item", "party", "country", "year"),
    values_of(society.CbaAnnualRow, "usd_real"),
    texts_of(society.CbaAnnualRow, "price_year", "timing"),
)
CBA_SUMMARY = Table(
    "cba_summary",
    "what society gains: present values, rates of return, switching values",
    keys_of(
        society.CbaSummaryRow,
        *("alternative", "metric", "scope", "item", "rate", "timing"),
    ),
    values_of(society.CbaSummaryRow, "value"),
    texts_of(society.CbaSummaryRow, "unit", "price_year", "reason"),
    has_empty_keys=True,
)
BENEFITS_BY_COUNTRY = Table(
    "benefits_by_country",
    "present values by country; they sum to the net present value",
    keys_of(society.BenefitByCountryRow, "alternative", "country", "item"),
    values_of(society.BenefitByCountryRow, "pv_usd"),
    texts_of(society.BenefitByCountryRow, "rate", "timing", "price_year"),
)
INCIDENCE = Table(
    "incidence",
    "who gains and who pays; payments between parties sum to nothing",
    keys_of(society.IncidenceRow, "alternative", "party", "country", "item"),
    values_of(society.IncidenceRow, "pv_usd"),
    texts_of(society.IncidenceRow, "rate", "timing", "price_year"),
)
SHIPPER_GAINS = Table(
    "shipper_gains",
    "what shippers gain, by market and commodity",
    keys_of(society.ShipperGainRow, "alternative", "market", "commodity", "year"),
    values_of(society.ShipperGainRow, "existing_usd_real", "generated_usd_real"),
    texts_of(society.ShipperGainRow, "price_year"),
)
EMISSION_SAVINGS = Table(
    "emission_savings",
    "greenhouse gases saved, by country of emission",
    keys_of(society.EmissionSavingRow, "alternative", "country", "year"),
    values_of(society.EmissionSavingRow, "saved_t_co2e"),
)
STARTS = Table(
    "starts",
    "when to begin: worlds that build, side by side; is_best: share of replications",
    keys_of(StartRow, "alternative"),
    values_of(StartRow, "opens_year", "enpv_usd", "fyrr", "is_ripe", "is_best"),
)
RULE_OF_HALF = Table(
    "rule_of_half",
    "gains of shippers by the logsum beside those by the rule of a half",
    keys_of(HalfRuleRow, "alternative", "market", "year"),
    values_of(HalfRuleRow, "logsum_usd_real", "half_rule_usd_real"),
)

# field of an outcome -> its table
MONEY: dict[str, Table] = {
    "alternatives": ALTERNATIVES,
    "projects": PROJECT,
    "odds": PROJECT_ODDS,
    "claims": CLAIMS,
    "finance_annual": FINANCE_ANNUAL,
    "finance_summary": FINANCE_SUMMARY,
    "checks": FINANCE_CHECKS,
    "debt_schedule": DEBT_SCHEDULE,
    "public_debt": PUBLIC_DEBT,
    "lenders": PUBLIC_LENDERS,
    "cba_annual": CBA_ANNUAL,
    "cba_summary": CBA_SUMMARY,
    "benefits": BENEFITS_BY_COUNTRY,
    "incidence": INCIDENCE,
    "shipper_gains": SHIPPER_GAINS,
    "emission_savings": EMISSION_SAVINGS,
    "starts": STARTS,
    "half_rule": RULE_OF_HALF,
}
