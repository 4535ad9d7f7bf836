"""What experience adds to closed forms, resource by resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kappa:
    """Event delay over closed-form delay of a resource.

    `shut` is of waits before closed doors and to the next departure, `queue` of waits
    for others, `ride` of what a run loses on the way.
    """

    shut: float = 1.0
    queue: float = 1.0
    ride: float = 1.0


PLAIN = Kappa()
Kappas = Mapping[str, Kappa]
