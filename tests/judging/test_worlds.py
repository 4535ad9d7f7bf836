"""Cases and their verdicts: with against without, whoever pays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from railsim.appraisal.appraising import Appraisal
from railsim.appraisal.effects.users import ModeUse
from railsim.judging import worlds as judging
from railsim.judging.funding import ACCESS, LEFT, LOANS
from railsim.judging.half_rule import half_rule_rows
from railsim.judging.rows import rows_of_cases
from railsim.judging.worlds import (
    Case,
    carried_by,
    case_of,
    has_money,
    is_whole,
    judge,
    reference_of,
)
from railsim.scenario import Scenario
from tests.judging.worlds import (
    PACKAGES,
    base,
    case,
    deliveries,
    paid_by,
    traffic,
    with_line,
    without_line,
)

FINANCE = {"finance_annual", "finance_summary", "debt_schedule"}
FINANCE |= {"public_debt", "lenders"}
SOCIETY = {"cba_annual", "cba_summary", "benefits", "incidence", "shipper_gains"}
SOCIETY |= {"emission_savings"}


def built(world: Scenario, seed: int = 1, replication: int = 0) -> Case:
    """A world whose traffic is that of the fixture `carried`."""
    carried = carried_by(world, [])
    key = ("with", world, deliveries(world), carried)
    return case_of(*key, seed=seed, replication=replication)


def judged(package: str = "f2") -> Appraisal:
    found = judge(with_line(package), reference_of(without_line()))
    assert found is not None
    return found


def items(appraisal: Appraisal, item: str) -> float:
    return float(np.sum([a for e, a in appraisal.effects.items() if e.item == item]))


def test_cheaper_transport_is_a_gain_and_building_a_loss() -> None:
    """200 US$ a TEU of 200,000 TEU in all forty years."""
    appraisal = judged()

    assert items(appraisal, "existing traffic") == pytest.approx(40 * 200.0 * 200_000)
    spent = np.sum([usd.sum() for usd in with_line().works.spent_usd.values()])
    assert items(appraisal, "investment") == pytest.approx(-spent)
    assert items(appraisal, "accidents") > 0.0
    assert appraisal.saved_t_co2e["VN"].sum() > 0.0


def test_other_rules_of_appraisal_book_the_reference_anew() -> None:
    """Shadow prices of the world that is judged hold for both sides."""
    case, other = with_line(), without_line()
    frame = case.world.appraisal
    assert frame is not None
    shadow = frame.shadow.model_copy(update={"maintenance_factor": 0.1})
    payees = {
        name: p.model_copy(update={"country": "CN"}) for name, p in frame.payees.items()
    }
    changed = frame.model_copy(update={"shadow": shadow, "payees": payees})
    world = case.world.model_copy(update={"appraisal": changed})

    found = judge(replace(case, world=world), reference_of(other))

    afresh = replace(other, world=other.world.model_copy(update={"appraisal": changed}))
    expected = judge(replace(case, world=world), reference_of(afresh))
    assert found is not None
    assert expected is not None
    assert reference_of(other).by_rules_of(world) is None
    assert reference_of(other).by_rules_of(case.world) is not None
    assert found.enpv_usd == expected.enpv_usd
    assert found.ledger.keys() == expected.ledger.keys()


def test_a_world_is_worth_nothing_against_itself() -> None:
    found = judge(without_line(), reference_of(without_line()))

    assert found is not None
    assert found.enpv_usd == 0.0
    assert not np.any([*found.effects.values(), *found.funding.values()])


def test_society_gains_the_same_whoever_pays() -> None:
    """The same works in the same years: finance only moves money between parties."""
    worth = {name: judged(name).enpv_usd for name in PACKAGES}

    assert worth == pytest.approx(dict.fromkeys(PACKAGES, worth["f2"]), rel=1e-9)
    bare = replace(with_line(), accounts=None)
    alone = judge(bare, reference_of(without_line()))
    assert alone is not None
    assert alone.funding == {}
    assert alone.gifts == {}
    assert alone.enpv_usd == pytest.approx(worth["f2"], rel=1e-9)


@pytest.mark.parametrize("name", PACKAGES)
def test_every_payment_of_finance_sums_to_nothing_over_all_parties(name: str) -> None:
    appraisal = judged(name)

    by_item = appraisal.incidence.by_item
    gross = max(abs(value) for value in appraisal.incidence.cells.values())
    moved = {entry.item for entry in appraisal.funding}
    assert {LOANS, LEFT, ACCESS} <= moved
    for item in moved:
        assert by_item[item] == pytest.approx(0.0, abs=1e-9 * gross)


def test_cheap_loans_from_abroad_are_a_gift_and_market_loans_are_less_of_one() -> None:
    """At nine per cent real, a loan at two per cent gives away most of itself."""
    cheap, dear = judged("f1"), judged("f5")

    got = cheap.incidence.by_country
    assert cheap.gifts["china_eximbank"] > 0.0
    assert got["CN"] < dear.incidence.by_country["CN"]
    drawn = with_line("f1").accounts
    assert drawn is not None
    face = float(np.sum([s.draws.sum() for s in drawn.owner.services.values()]))
    assert 0.1 < cheap.gifts["china_eximbank"] / face < 0.6


def test_no_appraisal_is_made_where_nobody_asks_for_one() -> None:
    world = paid_by("f2").model_copy(update={"appraisal": None})
    silent = replace(with_line(), world=world)

    assert judge(silent, reference_of(without_line())) is None
    assert has_money(world)
    assert not has_money(world.model_copy(update={"finance": None}))


def test_accounts_and_appraisals_need_every_year_of_a_world() -> None:
    world = base()
    some = world.run.model_copy(update={"simulate_years": (2026, 2040)})

    assert is_whole(world)
    assert not is_whole(world.model_copy(update={"run": some}))


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Traffic made by hand stands for that of the tables of a run."""
    known = traffic(usd_per_teu=800.0, rail_share=0.5)
    monkeypatch.setattr(judging, "traffic_of", lambda *_: known)


@pytest.mark.usefixtures("carried")
def test_the_operator_earns_the_fares_of_passengers_and_the_freight_it_is_paid() -> (
    None
):
    world = paid_by("f2")

    found = case_of(
        "with", world, deliveries(world), carried_by(world, []), seed=1, replication=0
    )

    assert found.accounts is not None
    prices, halves = found.accounts.prices, found.accounts.halves
    earned = found.accounts.operators["sgr"].account
    rate = world.passengers["lchh"].yield_usd_per_passenger_km
    riders = rate * found.works.passengers["lchh"].passenger_km
    real = halves.yearly(earned["passengers"].usd / prices.revenue[: halves.count])
    assert real == pytest.approx(riders)
    assert riders.sum() > 0.0
    freight = halves.yearly(earned["freight"].usd / prices.revenue[: halves.count])
    assert freight.sum() == pytest.approx(400.0 * 0.5 * 200_000 * 32)


@pytest.mark.usefixtures("carried")
def test_exchange_rates_move_by_chance_where_the_scenario_asks() -> None:
    world = paid_by("f2")
    assert world.finance is not None
    fx = world.finance.exchange.model_copy(update={"luck": "drawn"})
    money = world.finance.model_copy(update={"exchange": fx})
    drawn = world.model_copy(update={"finance": money})

    def worth(there, seed: int, replication: int) -> float:
        found = case_of(
            *("with", there, deliveries(there), carried_by(there, [])),
            seed=seed,
            replication=replication,
        )
        assert found.accounts is not None
        return found.accounts.worth["equity"].npv_usd

    assert worth(world, 1, 0) == worth(world, 2, 1)
    assert worth(drawn, 1, 0) == worth(drawn, 1, 0)
    assert len({worth(drawn, 1, 0), worth(drawn, 2, 0), worth(drawn, 1, 1)}) == 3


@pytest.mark.usefixtures("carried")
def test_a_lender_that_rivals_ask_too_lends_less() -> None:
    world = paid_by("f1")
    assert world.budget is not None
    changes = {"is_crowding": True, "lender_ceiling_usd": 0.3e9}
    scarce = world.model_copy(
        update={"budget": world.budget.model_copy(update=changes)}
    )

    free, asked = (
        case_of(
            *("with", w, deliveries(world), carried_by(w, [])), seed=1, replication=0
        )
        for w in (world, scarce)
    )

    assert free.accounts is not None
    assert asked.accounts is not None
    lent, less = (
        float(np.sum([s.draws.sum() for s in a.owner.services.values()]))
        for a in (free.accounts, asked.accounts)
    )
    assert free.works.lender_share_left == 1.0
    assert less / lent == pytest.approx(asked.works.lender_share_left, rel=0.1)
    assert less < 0.8 * lent


@pytest.mark.usefixtures("carried")
def test_a_world_without_finance_has_works_and_no_accounts() -> None:
    world = base().model_copy(update={"finance": None})

    found = case_of(
        "with", world, deliveries(world), carried_by(world, []), seed=1, replication=0
    )

    assert found.accounts is None
    silent = world.model_copy(update={"appraisal": None})
    rows = rows_of_cases([replace(found, world=silent)], 1, with_odds=False)
    assert {kind for kind, said in rows.items() if said} == {"projects", "claims"}


def test_every_table_of_money_has_rows_where_the_scenario_asks_for_it() -> None:
    rows = rows_of_cases([without_line(), with_line()], 1, with_odds=True)

    told = {"projects", "claims", "checks", "odds", "starts", "half_rule"}
    assert rows.keys() == told | FINANCE | SOCIETY
    for name, found in rows.items():
        assert any(row.alternative == "with" for row in found), name


def test_what_is_built_has_odds_and_nothing_has_none() -> None:
    rows = rows_of_cases([without_line(), with_line()], 1, with_odds=True)

    assert {row.alternative for row in rows["odds"]} == {"with"}


def test_the_best_start_is_worth_most_and_more_than_nothing() -> None:
    (start,) = rows_of_cases([without_line(), with_line()], 1, with_odds=False)[
        "starts"
    ]

    assert start.opens_year == with_line().works.opening
    assert start.enpv_usd == pytest.approx(judged().enpv_usd)
    assert start.is_best == float(judged().enpv_usd > 0.0)


def test_a_cheaper_mode_gains_as_much_by_the_rule_of_a_half() -> None:
    """Only the price of one mode differs, by little: both rules are near each other."""
    years = len(traffic().years)
    teu = np.full(years, 1000.0)
    before, after = (
        replace(
            found,
            uses={("fruit", "road"): ModeUse(teu, np.full(years, usd))},
        )
        for found, usd in ((without_line(), 900.0), (with_line(), 890.0))
    )

    rows = [r for r in half_rule_rows(after, before) if r.year == 2040]

    assert [row.half_rule_usd_real for row in rows] == [pytest.approx(10_000.0)]


def test_no_debt_is_served_in_a_world_that_builds_nothing() -> None:
    found = case("without", base("without"), traffic())

    assert found.accounts is not None
    assert not found.accounts.owner.due.any()
    assert not found.works.spent_usd
