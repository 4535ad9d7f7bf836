/* `line`: sections, loops and the rule that keeps trains from locking each other up. */

static whole way_of(Line *line, Unit *unit) {
    return 2 * ((whole)line->first_station + unit->section) + unit->direction;
}

static whole queue_of(World *w, whole way) { return w->resource_count + way; }

static whole ahead_of(whole way) { return (way >> 1) + 1 - (way & 1); }

static whole way_to(whole station, whole direction) {
    return 2 * (station - 1 + direction) + direction;
}

static void free_from(World *w, Line *line, whole way, whole at) {
    way_at(w, way)->free_from = at;
    if (!line->is_double) way_at(w, way ^ 1)->free_from = at;
}

static int is_being_cleared(World *w, whole way) {
    return w->now < way_at(w, way)->free_from && way_at(w, way)->free_from < NEVER;
}

static whole number_before(World *w, Line *line, whole way) {
    whole number = queue_at(w, queue_of(w, way))->waiting;
    if (line->is_double) return number;
    return number + queue_at(w, queue_of(w, way ^ 1))->waiting;
}

static void await_clearing(World *w, whole r, whole way) {
    plan_parcel(w, way_at(w, way)->free_from, CLEARED, NOBODY, r, way);
}

static int is_wanted(World *w, whole way) {
    if (queue_at(w, queue_of(w, way))->waiting == 0) return 0;
    if (way_at(w, way)->free_from > w->now) return 0;
    whole ahead = ahead_of(way), direction = way & 1;
    Station *station = station_at(w, ahead);
    if (!station->is_bounded) return 1;
    whole own = way_at(w, 2 * ahead + direction)->held;
    whole other = way_at(w, 2 * ahead + 1 - direction)->held;
    return own < station->most_one_way && own + other < station->tracks;
}

static int note(World *w, Line *line, whole way) {
    if (way_at(w, way)->is_noted || !is_wanted(w, way)) return 0;
    way_at(w, way)->is_noted = 1;
    way_at(w, way)->then = line->noted;
    line->noted = way;
    return 1;
}

static void look_at(World *w, whole r, whole way) {
    if (note(w, line_at(w, resource_at(w, r)->owner), way)) touch(w, r);
}

static void ask_section(World *w, whole r, whole u) {
    Line *line = line_at(w, resource_at(w, r)->owner);
    whole way = way_of(line, unit_at(w, u));
    join(w, queue_of(w, way), u);
    if (is_being_cleared(w, way) && number_before(w, line, way) == 1)
        await_clearing(w, r, way);
    look_at(w, r, way);
}

static void clear_section(World *w, whole r, whole way) {
    look_at(w, r, way);
    look_at(w, r, way ^ 1);
}

static void leave_section(World *w, whole r, whole u, int is_last) {
    Line *line = line_at(w, resource_at(w, r)->owner);
    whole way = way_of(line, unit_at(w, u)), ahead = ahead_of(way), direction = way & 1;
    if (is_last && station_at(w, ahead)->is_bounded) {
        way_at(w, 2 * ahead + direction)->held -= 1;
        look_at(w, r, way_to(ahead, 0));
        look_at(w, r, way_to(ahead, 1));
    }
    free_from(w, line, way, w->now + line->clear_ms);
    if (line->clear_ms == 0) clear_section(w, r, way);
    else if (number_before(w, line, way) > 0) await_clearing(w, r, way);
}

static int is_before(World *w, whole way, whole other_way) {
    whole u = first_waiting(w, queue_of(w, way));
    whole v = first_waiting(w, queue_of(w, other_way));
    Unit *unit = unit_at(w, u), *other = unit_at(w, v);
    if (unit->level != other->level) return unit->level < other->level;
    if (unit->at != other->at) return unit->at < other->at;
    return u < v;
}

static whole first_feasible(World *w, Line *line) {
    whole first = -1, way = line->noted;
    line->noted = -1;
    while (way >= 0) {
        Way *row = way_at(w, way);
        whole after = row->then;
        row->is_noted = is_wanted(w, way);
        if (row->is_noted) {
            row->then = line->noted;
            line->noted = way;
            if (first < 0 || is_before(w, way, first)) first = way;
        }
        way = after;
    }
    return first;
}

static void occupy(World *w, Line *line, whole way, whole passed) {
    whole direction = way & 1, behind = (way >> 1) + direction, ahead = ahead_of(way);
    free_from(w, line, way, NEVER);
    if (station_at(w, ahead)->is_bounded) way_at(w, 2 * ahead + direction)->held += 1;
    if (passed > 0 && station_at(w, behind)->is_bounded) {
        way_at(w, 2 * behind + direction)->held -= 1;
        note(w, line, way_to(behind, 0));
        note(w, line, way_to(behind, 1));
    }
}

static void grant_line(World *w, whole r) {
    if (resource_at(w, r)->capacity == 0) return;
    Line *line = line_at(w, resource_at(w, r)->owner);
    whole way = first_feasible(w, line);
    while (way >= 0) {
        whole u = first_waiting(w, queue_of(w, way));
        leave(w, queue_of(w, way), u);
        occupy(w, line, way, unit_at(w, u)->passed);
        record(w, ENTER, u, r, unit_at(w, u)->section, 0);
        answer(w, u, YES);
        way = first_feasible(w, line);
    }
}
