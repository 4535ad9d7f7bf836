/* What each step of a unit begins, and what comes when it may go on. */

static Step *step_of(World *w, whole u) { return step_at(w, unit_at(w, u)->step - 1); }

static void last_for(World *w, whole u, whole time_ms) {
    plan_unit(w, w->now + time_ms, u);
}

static void start(World *w, whole u, whole doing) {
    whole s = unit_at(w, u)->step - 1;
    record(w, START, u, step_at(w, s)->resource, s, 0);
    unit_at(w, u)->doing = doing;
    last_for(w, u, time_of(w, u, step_at(w, s)->slot));
}

static void drive(World *w, whole u) { start(w, u, DRIVING); }

static void serve(World *w, whole u) { start(w, u, SERVED); }

static void meet_link(World *w, whole u, whole s) {
    whole r = step_at(w, s)->resource;
    if (resource_at(w, r)->capacity > 0) {
        drive(w, u);
        return;
    }
    record(w, WAIT, u, r, s, 0);
    unit_at(w, u)->doing = LINK_SHUT;
    join(w, r, u);
}

static void ask_server(World *w, whole u, whole s) {
    whole r = step_at(w, s)->resource;
    record(w, WAIT, u, r, s, 0);
    unit_at(w, u)->doing = QUEUEING;
    unit_at(w, u)->stamp = w->round;
    join(w, r, u);
    touch(w, r);
}

static void release(World *w, whole u) {
    whole s = unit_at(w, u)->step - 1, r = step_at(w, s)->resource;
    resource_at(w, r)->count -= 1;
    if (queue_at(w, r)->waiting > 0) touch(w, r);
    record(w, END, u, r, s, 0);
}

static void wait_for_vehicle(World *w, whole u, whole s) {
    whole r = step_at(w, s)->resource;
    record(w, WAIT, u, r, s, 0);
    unit_at(w, u)->left = lot_at(w, u)->teu;
    unit_at(w, u)->doing = RIDING;
    join(w, r, u);
}

static void end_step(World *w, whole u) {
    whole s = unit_at(w, u)->step - 1;
    record(w, END, u, step_at(w, s)->resource, s, 0);
}

static int meet_line(World *w, whole u, whole s) {
    Step *step = step_at(w, s);
    Unit *unit = unit_at(w, u);
    if (step->first == step->last) return 1;
    unit->passed = 0;
    unit->direction = step->first < step->last ? 0 : 1;
    unit->section = step->first - unit->direction;
    unit->doing = ASKING;
    ask_section(w, step->resource, u);
    return 0;
}

static void run_section(World *w, whole u) {
    Step *step = step_of(w, u);
    Unit *unit = unit_at(w, u);
    whole time_ms = time_of(w, u, step->slot + unit->passed);
    if (unit->passed > 0 && w->now > unit->at)
        time_ms += line_at(w, resource_at(w, step->resource)->owner)->stop_loss_ms;
    unit->doing = RUNNING;
    last_for(w, u, time_ms);
}

static int pass_section(World *w, whole u) {
    Step *step = step_of(w, u);
    Unit *unit = unit_at(w, u);
    whole r = step->resource;
    record(w, CLEAR, u, r, unit->section, 0);
    int is_last = unit->passed + 1 == abs(step->last - step->first);
    leave_section(w, r, u, is_last);
    if (is_last) return 1;
    unit->passed += 1;
    unit->section += 1 - 2 * unit->direction;
    unit->doing = ASKING;
    ask_section(w, r, u);
    return 0;
}

static whole tokens_needed(World *w, whole u, whole counted_by) {
    if (u >= w->lot_count || counted_by == PER_ONE) return 1;
    Lot *lot = lot_at(w, u);
    if (counted_by == PER_BOX) return lot->boxes;
    if (counted_by == PER_TEU) return lot->teu;
    if (counted_by == PER_TRUCK) return lot->trucks;
    return ((whole)lot->kg + 999) / 1000;
}

static void want(World *w, whole u, whole s, whole deadline) {
    whole r = step_at(w, s)->resource;
    record(w, WAIT, u, r, s, 0);
    unit_at(w, u)->part = tokens_needed(w, u, step_at(w, s)->unit);
    unit_at(w, u)->deadline = deadline;
    join(w, r, u);
    if (deadline < NEVER) {
        resource_at(w, r)->deadlines += 1;
        plan_parcel(w, deadline, DEADLINE, u, r, 0);
    }
    touch(w, r);
}

static void keep_tokens(World *w, whole u) {
    Unit *unit = unit_at(w, u);
    Token *token = token_at(w, unit->tokens_begin + unit->token_count);
    unit->token_count += 1;
    token->pool = step_of(w, u)->resource;
    token->count = unit->part;
}

static void give(World *w, whole u, whole s) {
    Step *step = step_at(w, s);
    Unit *unit = unit_at(w, u);
    whole fleet = resource_at(w, step->resource)->fleet;
    whole i = unit->tokens_begin, end = i + unit->token_count;
    while (i < end && resource_at(w, token_at(w, i)->pool)->fleet != fleet) i++;
    if (i == end) return;
    whole count = token_at(w, i)->count;
    unit->token_count -= 1;
    for (whole k = i; k < end - 1; k++) *token_at(w, k) = *token_at(w, k + 1);
    whole delay_ms = step->slot >= 0 ? time_of(w, u, step->slot) : 0;
    plan_parcel(w, w->now + delay_ms, TOKENS, u, step->resource, count);
}

static void let_go(World *w, whole u) {
    Unit *unit = unit_at(w, u);
    whole begin = unit->tokens_begin, end = begin + unit->token_count;
    for (whole i = begin; i < end; i++) {
        Token *token = token_at(w, i);
        plan_parcel(w, w->now, TOKENS, u, token->pool, token->count);
    }
    unit->token_count = 0;
}

static void give_back(World *w, whole u, whole r, whole count) {
    record(w, GIVE, u, r, 0, count);
    resource_at(w, r)->count += count;
    touch(w, r);
}

static int do_step(World *w, whole u, whole s) {
    switch (step_at(w, s)->act) {
    case DO_TRAVEL: meet_link(w, u, s); return 0;
    case DO_SERVE: ask_server(w, u, s); return 0;
    case DO_RIDE: wait_for_vehicle(w, u, s); return 0;
    case DO_RUN: return meet_line(w, u, s);
    case DO_TAKE:
        want(w, u, s, NEVER);
        unit_at(w, u)->doing = WANTING;
        return 0;
    default: give(w, u, s); return 1;
    }
}
