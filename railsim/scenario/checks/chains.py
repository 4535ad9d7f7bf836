"""Steps must hang together: each begins where the one before it ended.

A step that only some lots visit leaves two places where a lot may be: moved or not. A
chain is broken when no such place fits the next step.
"""

from __future__ import annotations

from collections.abc import Iterator

from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Flow
from railsim.scenario.schema.movement import Route, Service, Step

# tables that are looked at
CHAINED = {"flows", "routes", "services", "links", "stations"}

Numbered = list[tuple[int, Step]]


def check_chains(scenario: Scenario) -> list[Finding]:
    """Find routes and services whose steps do not lead where they should."""
    findings: list[Finding] = []
    for key, flow in scenario.flows.items():
        for route_key in flow.base_share:
            route = scenario.routes[route_key]
            findings += _check_route(scenario, route_key, route, key, flow)
    for service_key, service in scenario.services.items():
        findings += _check_service(scenario, service_key, service)
    return findings


def _check_route(
    scenario: Scenario, route_key: str, route: Route, flow_key: str, flow: Flow
) -> Iterator[Finding]:
    steps = [(i, s) for i, s in enumerate(route.steps) if _is_visited(s, flow)]
    is_north = flow.direction == "north"
    path: Segments = ("routes", route_key, "steps")
    places = {flow.origin}
    for index, step in reversed(steps) if is_north else steps:
        found = _advance(scenario, step, places, is_north=is_north)
        if isinstance(found, str) and (index, step) == (steps[-1 if is_north else 0]):
            yield _stranger(scenario, step, flow_key, route_key, is_north=is_north)
            return
        if isinstance(found, str):
            user = f"for flow '{flow_key}' ({flow.direction})"
            yield Finding("E111", (*path, index), f"{found} {user}")
            return
        places = found
    if flow.destination not in places:
        message = (
            f"the route ends at {_list(places)}, but the flow goes to "
            f"'{flow.destination}'"
        )
        yield _misfit(flow_key, route_key, message, "destination")


def _stranger(
    scenario: Scenario, step: Step, flow_key: str, route_key: str, *, is_north: bool
) -> Finding:
    """The route begins where the flow does not."""
    origin = scenario.flows[flow_key].origin
    reason = _advance(scenario, step, {origin}, is_north=is_north)
    start = _ends_of(scenario, step)[1 if is_north else 0]
    if start != origin:
        way = "north" if is_north else "south"
        reason = f"going {way} the route begins at '{start}', the flow at '{origin}'"
    return _misfit(flow_key, route_key, str(reason), "origin")


def _misfit(flow_key: str, route_key: str, message: str, end: str) -> Finding:
    """A flow and its route do not fit; either may be wrong."""
    flow: Segments = ("flows", flow_key)
    return Finding(
        "E111",
        (*flow, "base_share", route_key),
        message,
        suspects=((*flow, end), (*flow, "direction"), ("routes", route_key, "steps")),
    )


def _check_service(scenario: Scenario, key: str, service: Service) -> Iterator[Finding]:
    ways = ["south", "north"] if service.is_both_ways else ["south"]
    for way in ways:
        is_north = way == "north"
        ends = (service.origin, service.destination)
        start, end = reversed(ends) if is_north else ends
        steps = [(i, s) for i, s in enumerate(service.steps) if s.only in (None, way)]
        yield from _check_vehicle(
            scenario, key, steps, start=start, end=end, is_north=is_north
        )


def _check_vehicle(
    scenario: Scenario,
    key: str,
    steps: Numbered,
    *,
    start: str,
    end: str,
    is_north: bool,
) -> Iterator[Finding]:
    path: Segments = ("services", key, "steps")
    way = "on the way back" if is_north else "outward"
    places = {start}
    for index, step in reversed(steps) if is_north else steps:
        found = _advance(scenario, step, places, is_north=is_north)
        if isinstance(found, str):
            yield Finding("E111", (*path, index), f"{found} {way}")
            return
        places = found
    if end not in places:
        message = f"the steps end at {_list(places)}, not at '{end}' {way}"
        yield Finding("E111", path, message)


def _advance(
    scenario: Scenario, step: Step, places: set[str], *, is_north: bool
) -> set[str] | str:
    """Where a unit may be after the step, or why it cannot take it."""
    start, end = _ends_of(scenario, step)
    if is_north:
        start, end = end, start
    if step.service and is_north and not scenario.services[step.service].is_both_ways:
        return f"service '{step.service}' runs outward only"
    if start not in places:
        return f"the step begins at '{start}', but the chain is at {_list(places)}"
    return places | {end} if _is_optional(step) else {end}


def _ends_of(scenario: Scenario, step: Step) -> tuple[str, str]:
    if step.link is not None:
        link = scenario.links[step.link]
        return link.origin, link.destination
    if step.station is not None:
        place = scenario.stations[step.station].place
        return place, place
    if step.service is not None:
        service = scenario.services[step.service]
        return service.origin, service.destination
    if step.line is not None:
        return step.origin or "", step.destination or ""
    return step.at or "", step.at or ""


def _is_visited(step: Step, flow: Flow) -> bool:
    if step.only not in (None, flow.direction) or step.form not in (None, flow.form):
        return False
    return not step.commodities or flow.commodity in step.commodities


def _is_optional(step: Step) -> bool:
    if step.share_of is not None or (step.share is not None and step.share < 1):
        return True
    return step.regime is not None or step.unless_regime is not None


def _list(places: set[str]) -> str:
    return " or ".join(f"'{place}'" for place in sorted(places))
