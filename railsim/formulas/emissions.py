"""Greenhouse gases of freight, well to wheel, in the terms of ISO 14083:2023."""

import math
from collections.abc import Sequence

from railsim.formulas.checks import (
    require_at_least,
    require_nonnegative,
    require_positive,
    require_sequence,
    require_share,
)


def rail_electric_g_per_tkm(
    *,
    kwh_per_gtkm: float,
    gross_net: float,
    ef_kg_per_kwh: float,
    td_loss: float,
    wtt_factor: float,
    empty_factor: float,
) -> float:
    """Give the emissions of an electric freight train a net tonne-kilometre.

    Units: ``kwh_per_gtkm`` a gross tonne-km; ``gross_net`` gross over net tonnes;
    ``ef_kg_per_kwh`` kg CO2e; ``td_loss`` share lost in the grid; ``wtt_factor``
    upstream and ``empty_factor`` empty running as shares on top; result g CO2e.
    Formula: kWh/gtkm * gross/net * (1 + empty) * EF * (1 + WTT) / (1 - loss) * 1000.
    Errors: ValueError when an argument is negative, ``gross_net`` is below 1 or
    ``td_loss`` is not below 1.
    Source: GLEC Framework v3 (Smart Freight Centre 2023).
    """
    require_nonnegative("kwh_per_gtkm", kwh_per_gtkm)
    require_at_least("gross_net", gross_net, 1)
    require_nonnegative("ef_kg_per_kwh", ef_kg_per_kwh)
    require_share("td_loss", td_loss)
    if td_loss == 1:
        raise ValueError(f"td_loss must be below 1, found {td_loss}")
    require_nonnegative("wtt_factor", wtt_factor)
    require_nonnegative("empty_factor", empty_factor)
    kwh_per_tkm = kwh_per_gtkm * gross_net * (1 + empty_factor) / (1 - td_loss)
    return float(kwh_per_tkm * ef_kg_per_kwh * (1 + wtt_factor) * 1000)


def truck_g_per_tkm(
    *,
    l100_loaded: float,
    l100_empty: float,
    empty_ratio: float,
    payload_t: float,
    ef_wtw_kg_per_l: float,
) -> float:
    """Give the emissions of a diesel truck a net tonne-kilometre.

    Units: ``l100_loaded`` and ``l100_empty`` litres a 100 km; ``empty_ratio`` empty km
    for each loaded km; ``payload_t`` tonnes; ``ef_wtw_kg_per_l`` kg CO2e; result g.
    Formula: (loaded + ratio * empty) / 100 * EF / payload * 1000.
    Errors: ValueError when an argument is negative or ``payload_t`` is 0.
    Source: EN 16258:2012; GLEC Framework v3 (Smart Freight Centre 2023).
    """
    require_nonnegative("l100_loaded", l100_loaded)
    require_nonnegative("l100_empty", l100_empty)
    require_nonnegative("empty_ratio", empty_ratio)
    require_positive("payload_t", payload_t)
    require_nonnegative("ef_wtw_kg_per_l", ef_wtw_kg_per_l)
    l_per_km = (l100_loaded + empty_ratio * l100_empty) / 100
    return float(l_per_km * ef_wtw_kg_per_l / payload_t * 1000)


def chain_emissions(
    *, tonnes: float, legs: Sequence[Sequence[float]], hubs: Sequence[float]
) -> dict[str, float]:
    """Add up the emissions of a transport chain, its legs and its hubs.

    Units: ``legs`` = [[km, g CO2e a tonne-km], ...]; ``hubs`` kg CO2e a tonne handled;
    results in tonnes CO2e, g a tonne-km (hubs included) and kg a tonne.
    Formula: E = sum(mass * km * intensity) + sum(mass * hub intensity).
    Errors: ValueError when an argument is negative or the ``legs`` cover no distance.
    Source: ISO 14083:2023, transport chain elements.
    """
    require_nonnegative("tonnes", tonnes)
    require_sequence("legs", legs)
    for index, leg in enumerate(legs):
        require_sequence(f"legs[{index}]", leg, length=2)
        require_nonnegative(f"legs[{index}] km", leg[0])
        require_nonnegative(f"legs[{index}] g_per_tkm", leg[1])
    require_sequence("hubs", hubs)
    for index, hub in enumerate(hubs):
        require_nonnegative(f"hubs[{index}]", hub)
    distance_km = math.fsum(km for km, _ in legs)
    if distance_km <= 0:
        raise ValueError(f"legs must cover some distance, found {distance_km} km")
    leg_g_per_t = math.fsum(km * g_per_tkm for km, g_per_tkm in legs)
    kg_per_t = leg_g_per_t / 1000 + math.fsum(hubs)
    return {
        "tonnes_co2e": float(tonnes * kg_per_t / 1000),
        "g_per_tkm": float(kg_per_t * 1000 / distance_km),
        "kg_per_t": float(kg_per_t),
    }
