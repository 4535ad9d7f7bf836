/* Stranded lots: who waits too long before a closed door may choose again, once. */

static int is_shut(World *w, whole r) {
    whole word = resource_at(w, r)->word;
    int is_closed = resource_at(w, r)->capacity == 0;
    if (word == WORD_TRAVEL || word == WORD_STATION) return is_closed;
    if (word != WORD_DEPARTURE) return 0;
    Chain *chain = chain_at(w, service_of(w, r)->chain);
    for (whole s = chain->begin; s < chain->end; s++) {
        Resource *way = resource_at(w, step_at(w, s)->resource);
        int is_way = way->word == WORD_TRAVEL || way->word == WORD_LINE;
        is_closed = is_closed || (is_way && way->capacity == 0);
    }
    return is_closed;
}

static whole place_of(World *w, whole chain, whole r) {
    whole s = chain_at(w, chain)->begin;
    while (step_at(w, s)->resource != r) s++;
    return step_at(w, s)->place;
}

static whole entry_of(World *w, whole chain, whole place) {
    for (whole s = chain_at(w, chain)->begin; s < chain_at(w, chain)->end; s++)
        if (step_at(w, s)->place == place) return s;
    return -1;
}

static whole elsewhere(World *w, whole lot, whole place, whole *found) {
    Flow *flow = flow_at(w, lot_at(w, lot)->flow);
    whole own = unit_at(w, lot)->chain, count = 0;
    for (whole c = flow->begin; c < flow->end; c++)
        if (c != own && is_available(w, c) && entry_of(w, c, place) >= 0)
            found[count++] = c;
    return count;
}

static whole choose_again(World *w, whole lot, const whole *chains, whole count,
                          double u) {
    double shares[count], reached;
    share_routes(w, lot_at(w, lot)->flow, chains, count, shares);
    reached = shares[0];
    for (whole i = 0; i < count - 1; i++) {
        if (u < reached) return chains[i];
        reached += shares[i + 1];
    }
    return chains[count - 1];
}

static int is_settled(World *w, whole r, whole lot) {
    double share = w->stranded_share, u = lot_at(w, lot)->stranded;
    Unit *unit = unit_at(w, lot);
    Flow *flow = flow_at(w, lot_at(w, lot)->flow);
    if (unit->is_turned || u >= share) return 1;
    whole place = place_of(w, unit->chain, r), chains[flow->end - flow->begin];
    whole count = elsewhere(w, lot, place, chains);
    if (count == 0) return 0;
    unit->is_turned = 1;
    whole chain = choose_again(w, lot, chains, count, u / share);
    enlist(w, lot, chain);
    record(w, REROUTED, lot, r, chain, 0);
    leave(w, r, lot);
    unit->step = entry_of(w, chain, place);
    unit->end = chain_at(w, chain)->end;
    unit->doing = TURNED;
    plan_unit(w, w->now, lot);
    return 1;
}

static whole first_since(World *w, Rank *rank) {
    whole u = rank->tail, first = -1;
    while (u >= 0 && unit_at(w, u)->at >= rank->asked_from) {
        first = u;
        u = unit_at(w, u)->previous;
    }
    return first;
}

static void ask(World *w, whole r, Rank *rank) {
    whole u = first_since(w, rank), limit = w->now - w->stranded_ms;
    whole asked_from = limit;
    while (u >= 0 && unit_at(w, u)->at < limit) {
        whole behind = unit_at(w, u)->next, at = unit_at(w, u)->at;
        if (u < w->lot_count && !is_settled(w, r, u) && at < asked_from)
            asked_from = at;
        u = behind;
    }
    if (asked_from > rank->asked_from) rank->asked_from = asked_from;
}

static void offer_other_routes(World *w) {
    for (whole r = 0; r < w->resource_count; r++) {
        if (queue_at(w, r)->waiting == 0 || !is_shut(w, r)) continue;
        for (whole level = 0; level < w->levels; level++)
            ask(w, r, rank_at(w, r * w->levels + level));
    }
}
