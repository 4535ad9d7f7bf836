"""What things cost those who ship: tariffs by box, storage clocks, exchange rates."""

from __future__ import annotations

from typing import Literal

from railsim.quantity import Record, label, quantity

Currency = Literal["USD", "CNY", "VND"]
Cause = Literal["line_haul", "drayage", "handling", "border", "port", "ocean", "other"]


class Tariff(Record):
    """A price in its own currency; the parts that are given add up.

    Boxes pay `per_box20`, `per_box40`, `per_teu` and the `_km` prices of boxes; bulk
    pays `per_t` and `per_t_km`; `per_truck`, `per_lot` fall on both.
    """

    payee: str = label("who is paid")
    cause: Cause = label("what for")
    currency: Currency = label("currency of all its prices")
    length_km: float | None = quantity(
        "km", "tariff distance instead of the step's", default=None, ge=0
    )
    discount_share: float = quantity(
        "1", "taken off all but the surcharges", default=0.0, ge=0, le=1
    )
    per_box20: float = quantity("currency/20-ft box", "fixed", default=0.0)
    per_box40: float = quantity("currency/40-ft box", "fixed", default=0.0)
    per_box20_km: float = quantity("currency/20-ft box-km", "running", default=0.0)
    per_box40_km: float = quantity("currency/40-ft box-km", "running", default=0.0)
    surcharge_per_box20_km: float = quantity(
        "currency/20-ft box-km", "running, without discount", default=0.0
    )
    surcharge_per_box40_km: float = quantity(
        "currency/40-ft box-km", "running, without discount", default=0.0
    )
    per_teu: float = quantity("currency/TEU", "fixed, boxes only", default=0.0)
    per_teu_km: float = quantity("currency/TEU-km", "running, boxes", default=0.0)
    per_t: float = quantity("currency/t", "fixed, bulk only", default=0.0)
    per_t_km: float = quantity("currency/t-km", "running, bulk only", default=0.0)
    surcharge_per_t_km: float = quantity(
        "currency/t-km", "running, without discount, bulk only", default=0.0
    )
    per_truck: float = quantity("currency/truck", "fixed", default=0.0)
    per_truck_km: float = quantity("currency/truck-km", "running", default=0.0)
    per_lot: float = quantity("currency/lot", "papers of a lot", default=0.0)


class StorageClock(Record):
    """Charges that grow with the days a lot waits past its free time."""

    payee: str = label("who is paid")
    currency: Currency = label("currency of the rates")
    free_days: float = quantity("d", "days without charge", ge=0, le=365)
    tier_days: tuple[float, ...] = quantity("d", "ends of the tiers after free time")
    tier_rate_per_teu_day: tuple[float, ...] = quantity(
        "currency/TEU-d", "one rate a tier and one beyond the last"
    )


class Economy(Record):
    """Exchange rates and the year whose prices are counted."""

    price_year: int = quantity("year", "prices of", ge=2000, le=2100)
    flow_base_year: int = quantity(
        "year", "year of the flows' tonnes", ge=2000, le=2100
    )
    cny_per_usd: float = quantity("CNY/USD", "exchange rate", gt=0, usual=(5, 9))
    vnd_per_usd: float = quantity(
        "VND/USD", "exchange rate", gt=0, usual=(20000, 35000)
    )
