"""Stranded lots: who waits too long before a closed door may choose again, once."""

from __future__ import annotations

from railsim.engine.log import REROUTED
from railsim.engine.reference.platform import Platform
from railsim.engine.reference.resources import Door, Resource, Station, Ticket
from railsim.engine.reference.track import Track
from railsim.engine.reference.world import World


class Stranded:
    """The offer of another route, and the lots that have taken it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._choices = world.plan.choices
        self._turned: set[int] = set()

    def offer_other_routes(self, at_ms: int) -> None:
        """Midnight: go to every queue before a closed resource."""
        limit_ms = at_ms - self._choices.stranded_ms
        for resource in self._world.resources:
            if not self._is_shut(resource):
                continue
            for ticket in resource.tickets():
                is_lot = ticket[2] < self._world.lot_count
                if is_lot and ticket[1] < limit_ms:
                    self._offer(resource, ticket, at_ms)

    def _is_shut(self, resource: Resource) -> bool:
        """Closed, or a service whose vehicles meet a closed link or line."""
        if isinstance(resource, Door | Station):
            return resource.is_closed
        if not isinstance(resource, Platform):
            return False
        services = self._world.plan.services
        chain = int(services.chain[services.of_resource[resource.number]])
        ways = [step.resource for step in self._world.chain_steps(chain)]
        return resource.is_closed or any(
            way.is_closed for way in ways if isinstance(way, Door | Track)
        )

    def _offer(self, resource: Resource, ticket: Ticket, at_ms: int) -> None:
        lot = ticket[2]
        share, u = self._choices.stranded_share, self._luck(lot)
        if lot in self._turned or u >= share:
            return
        entries = self._entries(lot, self._place_of(lot, resource), at_ms)
        if not entries:
            return
        self._turned.add(lot)
        chain = self._world.shippers.choose_again(lot, list(entries), u / share)
        self._world.record(at_ms, REROUTED, lot, resource.number, chain)
        resource.withdraw(ticket)
        resource.wake(lot, entries[chain])

    def _luck(self, lot: int) -> float:
        return float(self._world.draws.lots.stranded[lot])

    def _place_of(self, lot: int, resource: Resource) -> int:
        chain = self._world.shippers.chain_of[lot]
        return next(
            step.place
            for step in self._world.chain_steps(chain)
            if step.resource is resource
        )

    def _entries(self, lot: int, place: int, at_ms: int) -> dict[int, int]:
        """Other open chains of the lot's flow -> their first step at a place."""
        world = self._world
        flow, own = int(world.draws.lots.flow[lot]), world.shippers.chain_of[lot]
        begin = world.plan.flows.chain_begin
        entries = {}
        for chain in range(int(begin[flow]), int(begin[flow + 1])):
            if chain == own or not world.shippers.is_available(chain, at_ms):
                continue
            here = [s.number for s in world.chain_steps(chain) if s.place == place]
            if here:
                entries[chain] = here[0]
        return entries
