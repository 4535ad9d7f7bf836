"""Years by closed forms, one after another, and what must be said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from railsim.corridor.tables import Plan
from railsim.engine.analytic.building import Year, prepare_year
from railsim.engine.analytic.bursts import crowded_stations
from railsim.engine.analytic.kappas import kappas_of_year
from railsim.engine.analytic.kernels.waiting import FULL
from railsim.engine.analytic.serving import serve
from railsim.engine.analytic.solving import Solution, solve
from railsim.engine.measuring.service import Service
from railsim.scenario.schema.fidelity import Kappa

NAMED = 4
UNSOLVED = "W034"


@dataclass(slots=True)
class AnalyticYears:
    """Solves years; remembers where closed forms are poor, and for which years."""

    kappa: Kappa | None
    on_year: Callable[[], None] | None = None
    is_plain: bool = False
    unsolved: list[str] = field(default_factory=list)
    full: set[str] = field(default_factory=set)
    crowded: set[str] = field(default_factory=set)

    @property
    def can_be_shared(self) -> bool:
        """Closed forms say the same each time."""
        return True

    def service(self, alternative: str, plan: Plan) -> Service:
        """What a year offers at its fixed point."""
        year = prepare_year(plan, kappas_of_year(self.kappa, plan))
        solution = solve(year.model)
        self._note(f"{alternative} {plan.span.year}", year, solution)
        self.passed()
        return serve(year, solution)

    def passed(self) -> None:
        """A year went by that was said before."""
        if self.on_year is not None:
            self.on_year()

    def _note(self, name: str, year: Year, solution: Solution) -> None:
        self.is_plain |= self.kappa is None and len(year.model.nodes) > 0
        if not solution.is_converged:
            self.unsolved.append(f"{name} (gap {solution.gap:.1e})")
        names, resource = year.plan.resources.names, year.model.nodes["resource"]
        self.full.update(names[r] for r in resource[solution.load > FULL].tolist())
        self.crowded.update(names[r] for r in crowded_stations(year, solution))

    def warnings(self) -> Iterator[str]:
        """One line for each way in which the years may be wrong."""
        if self.is_plain:
            yield (
                "W031 closed forms stand as they are: the scenario has no [kappa], "
                "which `railsim verify --kappa` writes from event runs"
            )
        if self.full:
            yield (
                f"W032 loaded above {FULL:g}, where closed forms are poor: "
                f"{_listed(sorted(self.full))}"
            )
        if self.crowded:
            yield (
                "W033 fed by whole trainloads, where closed forms are poor: "
                f"{_listed(sorted(self.crowded))}"
            )
        if self.unsolved:
            years = _listed(self.unsolved)
            yield f"{UNSOLVED} the fixed point did not converge: {years}"


def _listed(names: list[str]) -> str:
    """The first few, and how many more."""
    more = len(names) - NAMED
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
