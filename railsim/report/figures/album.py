"""All pictures that some runs have numbers for, in the order of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from railsim.report.figures.of_runs.journeys import (
    cost_build_up,
    time_and_cost_by_distance,
)
from railsim.report.figures.of_runs.maps import flow_map
from railsim.report.figures.of_runs.money import debt_service, loans, public_debt
from railsim.report.figures.of_runs.society import emissions, incidence
from railsim.report.figures.of_runs.stations import calendar
from railsim.report.figures.of_runs.traffic import boxes, shares
from railsim.report.figures.of_runs.trains import train_graph
from railsim.report.figures.of_runs.works import opening_dates, spending
from railsim.report.figures.of_studies.choices import exceedance, regrets
from railsim.report.figures.of_studies.inputs import prim_boxes, sensitivities
from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf
from railsim.report.labels import Words
from railsim.results.reading import Run

Draw = Callable[[Shelf, Words], Iterator[Picture]]
OF_RUNS: tuple[Draw, ...] = (
    shares,
    boxes,
    time_and_cost_by_distance,
    cost_build_up,
    flow_map,
    calendar,
    train_graph,
    spending,
    opening_dates,
    debt_service,
    loans,
    public_debt,
    incidence,
    emissions,
)
OF_STUDIES: tuple[Draw, ...] = (exceedance, regrets, sensitivities, prim_boxes)


def pictures_of(runs: Sequence[Run], words: Words) -> tuple[Picture, ...]:
    """Every picture of every run; of several runs each says whose it is."""
    return tuple(
        picture if len(runs) == 1 else _of(picture, run)
        for run, shelf in ((run, Shelf(run)) for run in runs)
        for draw in (OF_STUDIES if run.is_sweep else OF_RUNS)
        for picture in draw(shelf, words)
    )


def _of(picture: Picture, run: Run) -> Picture:
    name, title = f"{run.name}-{picture.name}", f"{picture.title} ({run.name})"
    return replace(picture, name=name, title=title)
