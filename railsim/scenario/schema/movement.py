"""How things move: steps, routes of lots, services of trains, ships and trucks."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity
from railsim.scenario.schema.network import Mode, Per
from railsim.scenario.schema.timing import Distribution

Direction = Literal["south", "north"]
Slots = Annotated[int, Field(ge=0, le=30000)]
Load = Annotated[float, Field(ge=0, le=500000)]
WORDS = ("link", "station", "service", "line", "take", "give")


class Step(Record):
    """One word used once: exactly one of link, station, service, line, take, give."""

    link: str | None = label("travel this link", default=None)
    station: str | None = label("be served at this station", default=None)
    service: str | None = label("ride with this service", default=None)
    line: str | None = label("run over this line (vehicles only)", default=None)
    take: str | None = label("take a token of this fleet", default=None)
    give: str | None = label("give the token back", default=None)
    at: str | None = label("place of the fleet's tokens", default=None)
    origin: str | None = label("station where the run on the line begins", default=None)
    destination: str | None = label("station where it ends", default=None)
    time: Distribution | None = label(
        "service time here instead of the station's; delay of a returned token",
        default=None,
    )
    per: Per | None = label("unit of `time` here", default=None)
    draw: str | None = label(
        "name of the chance; steps with one name share it in bands", default=None
    )
    share: float | None = quantity(
        "1", "share of lots that visit this step", default=None, ge=0, le=1
    )
    share_of: str | None = label(
        "the commodity's chance of this name is the share", default=None
    )
    regime: str | None = label("visited only while this regime rules", default=None)
    unless_regime: str | None = label(
        "visited only while this regime does not rule", default=None
    )
    only: Direction | None = label("visited only in this direction", default=None)
    form: Literal["container", "bulk"] | None = label(
        "visited only by lots of this form", default=None
    )
    commodities: tuple[str, ...] = label("visited only by these", default=())
    tariffs: tuple[str, ...] = label("ids of tariffs paid here", default=())

    @model_validator(mode="after")
    def _is_one_word(self) -> Self:
        used = [word for word in WORDS if getattr(self, word) is not None]
        if len(used) != 1:
            raise ValueError(f"a step uses exactly one of {', '.join(WORDS)}")
        if self.share is not None and self.share_of is not None:
            raise ValueError("give share or share_of, not both")
        if (self.take or self.give) and self.at is None:
            raise ValueError("take and give need `at`, the place of the tokens")
        if self.line and (self.origin is None or self.destination is None):
            raise ValueError("a line needs origin and destination")
        return self


class Route(Record):
    """A chain of steps, written southward; northward lots walk it backwards."""

    title: str = label("what people call it")
    mode: Mode = label("main mode, for tables by mode")
    nest: str = label("nest of the choice model")
    steps: tuple[Step, ...] = label("the steps in order", min_length=1)
    opening: str | None = label("id of the opening it waits for", default=None)
    until_opening: str | None = label("id of the opening that ends it", default=None)


class Timetable(Record):
    """When a service departs: so many a day, on days of the week, or listed."""

    per_day: dict[str, float] = quantity(
        "1/d", "from year -> departures a day in each direction", default={}
    )
    per_day_since_opening: dict[str, float] = quantity(
        "1/d", "full years since opening -> departures a day", default={}
    )
    first_h: float = quantity("h", "first departure of the day", default=0.0, ge=0)
    span_h: float = quantity(
        "h", "departures of a day are spread over this", default=24.0, gt=0, le=24
    )
    back_shift_h: float = quantity(
        "h", "the return direction departs so much later", default=0.0, ge=0, le=168
    )
    weekly_h: tuple[float, ...] = quantity(
        "h", "hours after Monday 00:00, every week", default=()
    )
    listed_h: tuple[float, ...] = quantity(
        "h", "hours after 1 January 00:00 of each year", default=()
    )

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        daily = bool(self.per_day) or bool(self.per_day_since_opening)
        if daily + bool(self.weekly_h) + bool(self.listed_h) != 1:
            raise ValueError("give one of per_day, weekly_h, listed_h")
        for key, value in (*self.per_day.items(), *self.per_day_since_opening.items()):
            if not key.isdecimal() or not 0 <= value <= 1000:
                raise ValueError(f"{key} = {value}: expected year = 0 to 1000 a day")
        return self


class Service(Record):
    """`departure`: vehicles that leave by timetable and carry lots, or none."""

    title: str = label("what people call it")
    origin: str = label("place")
    destination: str = label("place")
    mode: Mode = label("mode of transport")
    is_both_ways: bool = label("runs back too, steps reversed")
    steps: tuple[Step, ...] = label("what the vehicle does, outward", min_length=1)
    timetable: Timetable = label("departures")
    length_km: float = quantity("km", "tariff distance", ge=0, le=30000)
    opening: str | None = label("id of the opening it waits for", default=None)
    speed_km_per_h: float | None = quantity(
        "km/h", "running speed on lines", default=None, gt=0, usual=(15, 350)
    )
    disturbance: tuple[float, float, float] | None = quantity(
        "1", "extra running time of a section: low, mode, high share", default=None
    )
    priority: int = quantity("1", "on the line; lower goes first", ge=-100, le=100)
    capacity_teu: int = quantity("TEU", "slots of a vehicle", ge=0, le=30000)
    capacity_teu_by_year: dict[str, Slots] = quantity(
        "TEU", "from 1 January of this year -> slots", default={}
    )
    capacity_t: float = quantity("t", "net load of a vehicle", ge=0, le=500000)
    capacity_t_by_year: dict[str, Load] = quantity(
        "t", "from 1 January of this year -> net load", default={}
    )
    cutoff_h: float = quantity("h", "ready so long before departure", ge=0, le=240)
    min_load_share: float = quantity(
        "1", "of slots or tonnes, whichever is fuller; less cancels", ge=0, le=1
    )
    max_cancel: int = quantity(
        "1", "after so many cancellations in a row it runs anyway", ge=0
    )
    is_overtaking: bool = label("may a later lot that fits pass one that does not?")
    is_splittable: bool = label("may a lot ride in parts on several vehicles?")
    max_hold_h: float = quantity(
        "h", "waits so long for rake or locomotive, then is cancelled", ge=0
    )
    lateness: Distribution | None = label("departure after timetable", default=None)
    cancelled_share: float = quantity(
        "1", "departures that the operator drops", default=0.0, ge=0, le=1
    )
    payee: str | None = label("who is paid", default=None)
    tariff_usd_per_teu_km: float = quantity(
        "USD/TEU-km", "running price of a box", default=0.0, ge=0, le=10
    )
    terminal_usd_per_teu: float = quantity(
        "USD/TEU", "fixed price of a box, both ends", default=0.0, ge=0, le=2000
    )
    tariff_usd_per_t_km: float = quantity(
        "USD/t-km", "running price of bulk", default=0.0, ge=0, le=2
    )
    terminal_usd_per_t: float = quantity(
        "USD/t", "fixed price of bulk, both ends", default=0.0, ge=0, le=200
    )
    back_discount_share: float = quantity(
        "1", "taken off the price of the return direction", default=0.0, ge=0, le=1
    )
    tariffs: tuple[str, ...] = label("ids of further tariffs", default=())
    storage: dict[str, str] = label("place -> storage clock while waiting", default={})
    emission: str | None = label("emission factor off the lines", default=None)
