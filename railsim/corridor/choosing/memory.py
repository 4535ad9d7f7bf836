"""What shippers remember from one year to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RouteOfFlow = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Memory:
    """Perceived service and calibrated taste; keys are (flow, route).

    `perceived_h` holds mean and standard deviation of the door-to-door time in hours,
    `storage_usd` the storage charges met per TEU, `asc` the calibrated constants in
    utils, `base_cost` the mean generalised and the composite cost of a flow in the base
    year, `cost_ratio` its cost now over that.
    """

    perceived_h: Mapping[RouteOfFlow, tuple[float, float]] = field(default_factory=dict)
    storage_usd: Mapping[RouteOfFlow, float] = field(default_factory=dict)
    asc: Mapping[RouteOfFlow, float] = field(default_factory=dict)
    base_cost: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    cost_ratio: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_calibrated(self) -> bool:
        """Without constants shippers keep the shares of the base year."""
        return bool(self.asc)
