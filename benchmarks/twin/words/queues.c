/* Who waits for what: linked lists in the order of (priority, request time, unit). */

static Rank *rank_of(World *w, whole q, whole u) {
    return rank_at(w, q * w->levels + unit_at(w, u)->level);
}

static void join(World *w, whole q, whole u) {
    whole now = w->now;
    Rank *rank = rank_of(w, q, u);
    whole before = rank->tail, after = -1;
    while (before >= 0 && unit_at(w, before)->at == now && before > u) {
        after = before;
        before = unit_at(w, before)->previous;
    }
    unit_at(w, u)->at = now;
    unit_at(w, u)->previous = before;
    unit_at(w, u)->next = after;
    if (before >= 0) unit_at(w, before)->next = u;
    else rank->head = u;
    if (after >= 0) unit_at(w, after)->previous = u;
    else rank->tail = u;
    queue_at(w, q)->waiting += 1;
}

static void leave(World *w, whole q, whole u) {
    Rank *rank = rank_of(w, q, u);
    whole before = unit_at(w, u)->previous, after = unit_at(w, u)->next;
    if (before >= 0) unit_at(w, before)->next = after;
    else rank->head = after;
    if (after >= 0) unit_at(w, after)->previous = before;
    else rank->tail = before;
    queue_at(w, q)->waiting -= 1;
}

static whole first_of_levels(World *w, whole q, whole level) {
    whole levels = w->levels;
    for (whole i = level; i < levels; i++) {
        whole head = rank_at(w, q * levels + i)->head;
        if (head >= 0) return head;
    }
    return -1;
}

static whole first_waiting(World *w, whole q) { return first_of_levels(w, q, 0); }

static whole following(World *w, whole q, whole u) {
    whole after = unit_at(w, u)->next;
    return after >= 0 ? after : first_of_levels(w, q, unit_at(w, u)->level + 1);
}
