"""Where things are and what they run on: places, links, lines, stations, fleets."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity
from railsim.scenario.schema.timing import Distribution, Lognormal

Mode = Literal["rail", "road", "sea"]
Per = Literal["lot", "box", "teu", "truck", "tonne", "vehicle"]
Servers = Annotated[int, Field(ge=0, le=1_000_000)]
Tokens = Annotated[int, Field(ge=0, le=1_000_000_000)]
Tracks = Annotated[int, Field(ge=1, le=2)]


class Place(Record):
    """A point of the map."""

    name: str = label("name as people there write it")
    country: str = label("ISO code: CN, VN, or XX for overseas")
    latitude: float = quantity("degrees", "north positive", ge=-90, le=90)
    longitude: float = quantity("degrees", "east positive", ge=-180, le=180)


class Rest(Record):
    """Breaks of a driver: one after each full spell at the wheel."""

    spell_h: float = quantity("h", "driving between breaks", gt=0)
    break_h: float = quantity("h", "length of a break", ge=0)


class Link(Record):
    """`travel`: time passes and nobody queues, unless the link is closed."""

    origin: str = label("place")
    destination: str = label("place")
    mode: Mode = label("mode of transport")
    length_km: float = quantity("km", "network length", ge=0, le=30000)
    speed_km_per_h: tuple[float, float, float] | None = quantity(
        "km/h", "slowest, likeliest, fastest (triangular)", default=None
    )
    time: Distribution | None = label("time instead of length and speed", default=None)
    rest: Rest | None = label("drivers' breaks", default=None)
    extra_h: float = quantity("h", "fixed time added", default=0.0, ge=0)
    emission: str | None = label("id of the emission factor", default=None)

    @model_validator(mode="after")
    def _has_one_time(self) -> Self:
        if (self.time is None) == (self.speed_km_per_h is None):
            raise ValueError("give either speed_km_per_h or time")
        if self.speed_km_per_h is not None:
            slow, likely, fast = self.speed_km_per_h
            if not 0 < slow <= likely <= fast:
                raise ValueError("speeds must be above 0 and ascend")
        return self


class Line(Record):
    """`line`: a railway worked in sections, with loops where trains meet."""

    stations: dict[str, int] = label("place -> number of its station, from 0")
    section_km: tuple[float, ...] = quantity("km", "lengths of the sections in order")
    loop_tracks: tuple[int, ...] = quantity(
        "1", "usable tracks of the stations between sections, at least 2"
    )
    tracks: int = quantity("1", "1 single, 2 double", ge=1, le=2)
    tracks_by_year: dict[str, Tracks] = quantity(
        "1", "from 1 January of this year -> tracks", default={}
    )
    clear_h: float = quantity("h", "from the tail's leaving to the release", ge=0)
    stop_loss_h: float = quantity(
        "h", "added when a train starts from a stop on the way", ge=0
    )
    maximum_km_per_h: float = quantity("km/h", "line speed", gt=0, usual=(20, 350))
    country: str = label("ISO code of the country")
    emission: str | None = label("id of the emission factor", default=None)
    calendar: str | None = label("working hours; possessions are gaps", default=None)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.section_km or min(self.section_km) <= 0:
            raise ValueError("section_km must hold lengths above 0")
        if len(self.loop_tracks) != len(self.section_km) - 1:
            raise ValueError("loop_tracks needs one number between each two sections")
        if self.loop_tracks and min(self.loop_tracks) < 2:
            raise ValueError("loop_tracks must be at least 2 (trains could not meet)")
        last = len(self.section_km)
        for place, number in self.stations.items():
            if not 0 <= number <= last:
                raise ValueError(f"station {place} must be numbered 0 to {last}")
        return self


class Breakdown(Record):
    """Servers fail one by one and are repaired."""

    between_failures_h: float = quantity("h", "mean time between failures", gt=0)
    repair: Lognormal = label("time to repair")


class Station(Record):
    """`station`: servers, hours, a service time, and a queue before them."""

    place: str = label("where it stands")
    servers: int = quantity("1", "lanes, teams, cranes, berths", ge=0, le=1_000_000)
    servers_by_year: dict[str, Servers] = quantity(
        "1", "from 1 January of this year -> servers", default={}
    )
    time: Distribution | None = label("service time of one unit", default=None)
    per: Per = label("what one service time is for", default="lot")
    calendar: str | None = label("working hours; none is always open", default=None)
    close_rule: Literal["finish_started", "must_finish"] = label(
        "may a service end after closing?", default="finish_started"
    )
    room: int | None = quantity(
        "1", "most lots that may wait; more are lost", default=None, ge=0
    )
    breakdown: Breakdown | None = label("failures of the servers", default=None)
    hub_kg_co2e_per_t: float = quantity(
        "kg CO2e/t", "emissions of handling a tonne here", default=0.0, ge=0
    )


class Fleet(Record):
    """`fleet`: tokens taken and returned: rakes, locomotives, trucks, yard slots."""

    tokens: dict[str, int] = quantity("1", "place -> tokens there at the start")
    tokens_by_year: dict[str, dict[str, Tokens]] = quantity(
        "1", "place -> from 1 January of this year -> tokens there", default={}
    )
    per: Per = label("what one token is for", default="vehicle")

    @model_validator(mode="after")
    def _is_countable(self) -> Self:
        if any(count < 0 for count in self.tokens.values()):
            raise ValueError("tokens must be at least 0")
        for place in self.tokens_by_year:
            if place not in self.tokens:
                raise ValueError(f"tokens_by_year: {place} is no place of tokens")
        return self
