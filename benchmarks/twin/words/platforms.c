/* `departure`: who leaves with which vehicle, and when a vehicle does not run. */

static const double TOLERANCE = 1e-9;
static const whole RUNS = -1;

static whole inserted(World *w, whole head, whole u) {
    if (head < 0 || u < head) {
        unit_at(w, u)->next = head;
        return u;
    }
    whole before = head;
    while (0 <= unit_at(w, before)->next && unit_at(w, before)->next < u)
        before = unit_at(w, before)->next;
    unit_at(w, u)->next = unit_at(w, before)->next;
    unit_at(w, before)->next = u;
    return head;
}

static void call_to_decide(World *w, whole r, whole u) {
    resource_at(w, r)->deciding = inserted(w, resource_at(w, r)->deciding, u);
    touch(w, r);
}

static void call_to_board(World *w, whole r, whole u) {
    resource_at(w, r)->boarding = inserted(w, resource_at(w, r)->boarding, u);
    touch(w, r);
}

static Service *service_of(World *w, whole r) {
    return service_at(w, resource_at(w, r)->owner);
}

static whole that_fits(whole left, Flow *flow, whole slots, whole kg) {
    whole teu = least(left, kg / flow->kg_per_teu);
    return flow->slots_per_teu > 0 ? least(teu, slots / flow->slots_per_teu) : teu;
}

static whole next_in_time(World *w, whole r, whole u, whole limit) {
    while (u >= 0 && unit_at(w, u)->at > limit)
        u = first_of_levels(w, r, unit_at(w, u)->level + 1);
    return u;
}

static whole pack(World *w, whole r, whole u) {
    Service *service = service_of(w, r);
    whole limit = vehicle_at(w, u - w->lot_count)->scheduled - service->cutoff_ms;
    whole slots = service->capacity_teu, kg = service->capacity_kg, first = -1, last = -1;
    whole lot = next_in_time(w, r, first_waiting(w, r), limit);
    while (lot >= 0) {
        Flow *flow = flow_at(w, lot_at(w, lot)->flow);
        Unit *unit = unit_at(w, lot);
        whole teu = that_fits(unit->left, flow, slots, kg);
        if (teu == unit->left || (service->is_splittable && teu > 0)) {
            slots -= teu * flow->slots_per_teu;
            kg -= teu * flow->kg_per_teu;
            unit->part = teu;
            unit->then = -1;
            if (last < 0) first = lot;
            else unit_at(w, last)->then = lot;
            last = lot;
        }
        if (teu < unit->left && !service->is_overtaking) break;
        lot = next_in_time(w, r, following(w, r, lot), limit);
    }
    return first;
}

static int is_too_empty(World *w, whole r, whole u) {
    Service *service = service_of(w, r);
    whole slots = 0, kg = 0;
    for (whole lot = pack(w, r, u); lot >= 0; lot = unit_at(w, lot)->then) {
        Flow *flow = flow_at(w, lot_at(w, lot)->flow);
        slots += (whole)unit_at(w, lot)->part * flow->slots_per_teu;
        kg += unit_at(w, lot)->part * flow->kg_per_teu;
    }
    double by_slots = (double)slots / (double)most(service->capacity_teu, 1);
    double by_kg = (double)kg / (double)most(service->capacity_kg, 1);
    double share = by_kg > by_slots ? by_kg : by_slots;
    return share < service->min_load_share - TOLERANCE;
}

static whole reason_to_cancel(World *w, whole r, whole u) {
    Resource *resource = resource_at(w, r);
    if (vehicle_at(w, u - w->lot_count)->is_dropped) return DROPPED;
    if (resource->capacity == 0) return CLOSED;
    if (resource->cancelled < service_of(w, r)->max_cancel && is_too_empty(w, r, u))
        return LOW_LOAD;
    return RUNS;
}

static whole decide(World *w, whole r, whole u) {
    whole cause = reason_to_cancel(w, r, u);
    if (cause == RUNS) {
        resource_at(w, r)->cancelled = 0;
        return YES;
    }
    if (cause == LOW_LOAD) resource_at(w, r)->cancelled += 1;
    record(w, CANCELLED, u, r, cause, 0);
    return NO;
}

static whole load(World *w, whole r, whole u) {
    whole last = -1, total = 0, lot = pack(w, r, u);
    unit_at(w, u)->riders = -1;
    while (lot >= 0) {
        Unit *unit = unit_at(w, lot);
        whole after = unit->then, teu = unit->part;
        total += teu;
        if (teu < unit->left) {
            unit->left -= teu;
            record(w, PART, lot, r, u, teu);
        } else {
            record(w, BOARD, lot, r, u, teu);
            leave(w, r, lot);
            unit->next = -1;
            if (last < 0) unit_at(w, u)->riders = lot;
            else unit_at(w, last)->next = lot;
            last = lot;
        }
        lot = after;
    }
    return total;
}

static void grant_platform(World *w, whole r) {
    Resource *resource = resource_at(w, r);
    whole boarding = resource->boarding, deciding = resource->deciding, after;
    resource->boarding = resource->deciding = -1;
    for (; boarding >= 0; boarding = after) {
        after = unit_at(w, boarding)->next;
        answer(w, boarding, load(w, r, boarding));
    }
    for (; deciding >= 0; deciding = after) {
        after = unit_at(w, deciding)->next;
        answer(w, deciding, decide(w, r, deciding));
    }
}
