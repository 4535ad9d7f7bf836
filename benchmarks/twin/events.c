/* What is written down, which resources are touched, and who has been answered. */

static void record(World *w, whole event, whole unit, whole resource, whole value,
                   whole amount) {
    whole row = w->rows;
    w->rows = row + 1;
    log_instant_at(w, row)->at_ms = w->now;
    log_event_at(w, row)->event = event;
    log_unit_at(w, row)->number = unit;
    log_resource_at(w, row)->number = resource;
    log_value_at(w, row)->number = value;
    log_amount_at(w, row)->number = amount;
}

static void touch(World *w, whole r) {
    Resource *resource = resource_at(w, r);
    if (resource->is_touched) return;
    resource->is_touched = 1;
    resource->then = -1;
    if (resource->is_first) {
        if (w->first_head < 0) w->first_head = r;
        else resource_at(w, w->first_tail)->then = r;
        w->first_tail = r;
        return;
    }
    if (w->rest_head < 0) w->rest_head = r;
    else resource_at(w, w->rest_tail)->then = r;
    w->rest_tail = r;
}

static void answer(World *w, whole u, whole value) {
    unit_at(w, u)->answer = value;
    unit_at(w, u)->then = -1;
    if (w->answered_head < 0) w->answered_head = u;
    else unit_at(w, w->answered_tail)->then = u;
    w->answered_tail = u;
}
