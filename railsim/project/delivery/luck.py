"""Where in its distributions a project comes out: stated, or drawn from named streams.

Streams are called `delivery.<project>.<what>`, so that alternatives share their luck.
What projects have in common enters by a Gaussian copula with the stream
`delivery.common.<what>`, which leaves the luck of each of them uniform.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from railsim.formulas.delivery import copula_pair
from railsim.formulas.statistics import stream_uniforms
from railsim.scenario.schema import Scenario
from railsim.traffic import Floats

KINDS = ("start", "slippage", "cost", "duration")
LEAST = 2.0**-53  # a uniform that must lie inside 0 to 1
FATES = 4093
MULTIPLIER = 1516


@dataclass(frozen=True, slots=True)
class ProjectLuck:
    """Quantiles inside 0 to 1; `duration` is that part which cost does not explain."""

    start: float
    slippage: float
    cost: float
    duration: float


@dataclass(frozen=True, slots=True)
class Lucks:
    """The same for many fates of a project: arrays of one length."""

    start: Floats
    slippage: Floats
    cost: Floats
    duration: Floats


def luck_of(world: Scenario, seed: int, replication: int) -> dict[str, ProjectLuck]:
    """Project -> its luck: as stated, or drawn where `run.delivery_luck` says so."""
    if world.run.delivery_luck == "stated" or world.run.is_deterministic:
        return {
            name: ProjectLuck(*(getattr(project.luck, kind) for kind in KINDS))
            for name, project in world.projects.items()
        }
    return {
        name: ProjectLuck(*_drawn(name, project.common_share, seed, replication))
        for name, project in world.projects.items()
    }


def _drawn(
    project: str, common_share: float, seed: int, replication: int
) -> list[float]:
    rho = math.sqrt(common_share)
    return [
        copula_pair(
            u1=_uniform(f"delivery.common.{kind}", seed, replication),
            u2=_uniform(f"delivery.{project}.{kind}", seed, replication),
            rho=rho,
        )["v2"]
        if rho > 0
        else _uniform(f"delivery.{project}.{kind}", seed, replication)
        for kind in KINDS
    ]


def _uniform(name: str, seed: int, replication: int) -> float:
    drawn = stream_uniforms(seed=seed, name=name, replication=replication, n=1)[0]
    return min(max(drawn, LEAST), 1.0 - LEAST)


def lucks_of(luck: ProjectLuck) -> Lucks:
    """One fate as arrays of length one."""
    return Lucks(*(np.array([getattr(luck, kind)]) for kind in KINDS))


def lattice(shifts: Mapping[str, float]) -> Lucks:
    """Evenly strewn fates, `FATES` of them, each dimension divided evenly.

    u_ij = (i a^j mod n) / n + shift_j, modulo 1: a Korobov lattice; `shifts` in 0 to 1
    by kind. Source: L'Ecuyer & Lemieux 2000, Variance Reduction via Lattice Rules.
    """
    points = np.arange(FATES)
    strewn = []
    for kind in KINDS:
        u = (points / FATES + shifts[kind]) % 1.0
        strewn.append(np.clip(u, LEAST, 1.0 - LEAST))
        points = points * MULTIPLIER % FATES
    return Lucks(*strewn)


def seeded_lattice(project: str, seed: int) -> Lucks:
    """Evenly strewn fates of a project, shifted by its streams."""
    shifts = {kind: _uniform(f"odds.{project}.{kind}", seed, 0) for kind in KINDS}
    return lattice(shifts)
