"""How shippers choose and what their goods emit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from railsim.quantity import Record, label, quantity


class Nest(Record):
    """Routes that resemble each other."""

    scale: float = quantity("1", "dissimilarity; 1 is no nest", gt=0, le=1)
    insurance_factor: float = quantity("1", "on the commodity's premium", ge=0, le=10)


class Choice(Record):
    """The choice model and how fast shippers learn."""

    model: Literal["aon", "mnl", "nested"] = label("all or nothing, logit, nested")
    nests: dict[str, Nest] = label("id -> nest")
    learning_per_day: float = quantity(
        "1/d", "weight of a day's deliveries in the perceived time", ge=0, le=1
    )
    stranded_h: float = quantity(
        "h", "a lot that waits so long at a closed place may choose again", gt=0
    )
    stranded_share: float = quantity("1", "of stranded lots that do", ge=0, le=1)
    calibration_rounds: int = quantity(
        "1",
        "base years run with learning to bring modelled shares to the observed",
        default=0,
        ge=0,
        le=20,
    )
    elasticity_usual: tuple[float, float] = quantity(
        "1", "own-cost elasticity of rail outside which calibration warns"
    )


class Electric(Record):
    """Electric traction, well to wheel."""

    kind: Literal["electric"]
    country: str = label("ISO code, where the emission counts")
    kwh_per_gross_t_km: float = quantity("kWh/gross t-km", "traction", gt=0, le=1)
    gross_per_net: float = quantity("1", "gross tonnes a net tonne", ge=1, le=10)
    empty_factor: float = quantity("1", "empty running added", ge=0, le=5)
    grid_kg_per_kwh: float = quantity("kg CO2e/kWh", "in `grid_year`", ge=0, le=2)
    grid_year: int = quantity("year", "of the grid factor", ge=2000, le=2100)
    grid_decline_per_year: float = quantity("1/y", "fall of the factor", ge=0, le=0.5)
    loss_share: float = quantity("1", "transmission and distribution", ge=0, le=0.9)
    upstream_factor: float = quantity("1", "well-to-tank added", ge=0, le=2)


class Direct(Record):
    """A published intensity, well to wheel."""

    kind: Literal["direct"]
    country: str = label("ISO code, where the emission counts")
    g_co2e_per_t_km: float = quantity("g CO2e/t-km", "intensity", ge=0, le=2000)


Emission = Annotated[Electric | Direct, Field(discriminator="kind")]
