/* Who is let in: `travel` when it opens, `station` by servers, `fleet` by tokens. */

static void grant_door(World *w, whole r) {
    if (resource_at(w, r)->capacity == 0) return;
    for (whole u = first_waiting(w, r); u >= 0; u = first_waiting(w, r)) {
        leave(w, r, u);
        answer(w, u, YES);
    }
}

static whole time_of(World *w, whole u, whole slot) {
    whole i = unit_at(w, u)->first_time + slot;
    return u < w->lot_count ? lot_time_at(w, i)->ms : vehicle_time_at(w, i)->ms;
}

static whole service_ms(World *w, whole u) {
    return time_of(w, u, step_at(w, unit_at(w, u)->step - 1)->slot);
}

static int ends_in_time(World *w, whole r, whole u) {
    Resource *resource = resource_at(w, r);
    whole now = w->now;
    while (resource->reduction < resource->reduction_end &&
           reduction_at(w, resource->reduction)->at <= now)
        resource->reduction += 1;
    if (resource->reduction == resource->reduction_end) return 1;
    return now + service_ms(w, u) <= reduction_at(w, resource->reduction)->at;
}

static void turn_away(World *w, whole r) {
    Resource *resource = resource_at(w, r);
    for (whole level = w->levels - 1; level >= 0; level--) {
        whole u = rank_at(w, r * w->levels + level)->tail;
        while (u >= 0 && queue_at(w, r)->waiting > resource->room) {
            whole before = unit_at(w, u)->previous;
            if (u < w->lot_count && unit_at(w, u)->stamp >= resource->granted) {
                leave(w, r, u);
                answer(w, u, AWAY);
            }
            u = before;
        }
    }
}

static void grant_station(World *w, whole r) {
    Resource *resource = resource_at(w, r);
    while (queue_at(w, r)->waiting > 0 && resource->count < resource->capacity) {
        whole u = first_waiting(w, r);
        if (resource->is_must_finish && !ends_in_time(w, r, u)) break;
        leave(w, r, u);
        resource->count += 1;
        answer(w, u, YES);
    }
    if (resource->room >= 0) turn_away(w, r);
    resource->granted = w->round;
}

static void leave_pool(World *w, whole r, whole u) {
    leave(w, r, u);
    if (unit_at(w, u)->deadline < NEVER) resource_at(w, r)->deadlines -= 1;
}

static void dismiss_late(World *w, whole r) {
    whole now = w->now, u = first_waiting(w, r);
    while (u >= 0) {
        whole after = following(w, r, u);
        if (unit_at(w, u)->deadline <= now) {
            leave_pool(w, r, u);
            answer(w, u, NO);
            touch(w, r);
        }
        u = after;
    }
}

static void grant_pool(World *w, whole r) {
    Resource *resource = resource_at(w, r);
    while (queue_at(w, r)->waiting > 0) {
        whole u = first_waiting(w, r), part = unit_at(w, u)->part;
        if (part > resource->count) break;
        leave_pool(w, r, u);
        resource->count -= part;
        record(w, TAKE, u, r, 0, part);
        answer(w, u, YES);
    }
    if (resource->deadlines > 0) dismiss_late(w, r);
}
