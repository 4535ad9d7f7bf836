/* The lives of lots and vehicles, from one thing they wait for to the next. */

static whole service_number(World *w, whole u) {
    return vehicle_at(w, u - w->lot_count)->service;
}

static whole platform(World *w, whole u) {
    return service_at(w, service_number(w, u))->resource;
}

static int is_visited(World *w, whole lot, whole s) {
    Step *step = step_at(w, s);
    if (step->regime >= 0) {
        whole is_ruling = (lot_at(w, lot)->regimes >> step->regime) & 1;
        if (is_ruling != step->is_regime_on) return 0;
    }
    if (step->visit < 0) return 1;
    double u = visit_at(w, lot_at(w, lot)->visits + step->visit)->u;
    return step->low <= u && u < step->high;
}

static void deliver(World *w, whole lot) {
    let_go(w, lot);
    record(w, DELIVERED, lot, NOWHERE, unit_at(w, lot)->chain, 0);
    delivered(w, lot);
}

static int by_number(const void *a, const void *b) {
    whole one = *(const whole *)a, other = *(const whole *)b;
    return (one > other) - (one < other);
}

static void plan_riders(World *w, whole first) {
    whole count = 0;
    for (whole u = first; u >= 0; u = unit_at(w, u)->next) count++;
    whole *riders = malloc((size_t)count * sizeof *riders);
    whole u = first;
    for (whole i = 0; i < count; i++, u = unit_at(w, u)->next) riders[i] = u;
    qsort(riders, (size_t)count, sizeof *riders, by_number);
    for (whole i = 0; i < count; i++) plan_unit(w, w->now, riders[i]);
    free(riders);
}

static void arrive(World *w, whole u) {
    record(w, ARRIVE, u, platform(w, u), 0, 0);
    plan_riders(w, unit_at(w, u)->riders);
    let_go(w, u);
}

static void go_on(World *w, whole u) {
    Unit *unit = unit_at(w, u);
    int is_lot = u < w->lot_count;
    while (unit->step < unit->end) {
        whole s = unit->step;
        unit->step = s + 1;
        if (is_lot && !is_visited(w, u, s)) continue;
        if (!do_step(w, u, s)) return;
    }
    if (is_lot) deliver(w, u);
    else arrive(w, u);
}

static void set_out(World *w, whole u, whole chain) {
    unit_at(w, u)->step = chain_at(w, chain)->begin;
    unit_at(w, u)->end = chain_at(w, chain)->end;
}

static void begin_lot(World *w, whole lot) {
    whole chain = choose(w, lot);
    record(w, CHOSE, lot, NOWHERE, chain, 0);
    if (chain < 0) {
        record(w, LOST, lot, NOWHERE, 0, 0);
        return;
    }
    set_out(w, lot, chain);
    go_on(w, lot);
}

static void begin_vehicle(World *w, whole u) {
    unit_at(w, u)->doing = DECIDING;
    call_to_decide(w, platform(w, u), u);
}

static void lose(World *w, whole lot) {
    whole s = unit_at(w, lot)->step - 1;
    record(w, LOST, lot, step_at(w, s)->resource, s, 0);
    let_go(w, lot);
    lost(w, lot);
}

static void ask_next(World *w, whole u) {
    Unit *unit = unit_at(w, u);
    whole s = unit->step;
    if (s < unit->end && step_at(w, s)->act == DO_TAKE) {
        unit->step = s + 1;
        unit->doing = HOLDING;
        want(w, u, s, unit->deadline);
        return;
    }
    unit->doing = BOARDING;
    call_to_board(w, platform(w, u), u);
}

static void hold(World *w, whole u) {
    if (unit_at(w, u)->answer == NO) return;
    Service *service = service_at(w, service_number(w, u));
    set_out(w, u, service->chain);
    unit_at(w, u)->deadline = w->now + service->hold_ms;
    ask_next(w, u);
}

static void hold_on(World *w, whole u) {
    if (unit_at(w, u)->answer == NO) {
        let_go(w, u);
        record(w, CANCELLED, u, platform(w, u), NO_TOKEN, 0);
        return;
    }
    keep_tokens(w, u);
    ask_next(w, u);
}

static int end_of(World *w, whole u, whole doing) {
    if (doing == RUNNING) return pass_section(w, u);
    if (doing == DRIVING || doing == RIDING) end_step(w, u);
    else if (doing == SERVED) release(w, u);
    else if (doing == WANTING) keep_tokens(w, u);
    else if (doing == BOARDING)
        record(w, DEPART, u, platform(w, u), 0, unit_at(w, u)->answer);
    return 1;
}

static void proceed(World *w, whole u) {
    whole doing = unit_at(w, u)->doing;
    if (doing == LINK_SHUT) drive(w, u);
    else if (doing == QUEUEING) {
        if (unit_at(w, u)->answer == AWAY) lose(w, u);
        else serve(w, u);
    }
    else if (doing == ASKING) run_section(w, u);
    else if (doing == DECIDING) hold(w, u);
    else if (doing == HOLDING) hold_on(w, u);
    else if (end_of(w, u, doing)) go_on(w, u);
}
