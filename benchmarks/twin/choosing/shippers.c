/* Which route a lot takes, and how shippers learn from what arrived. */

static const double CLOSED_LEVEL = -1.0; /* level of a route that is not open */

static whole reached_by(World *w, whole begin, whole count, double u) {
    for (whole i = 0; i < count - 1; i++)
        if (u < share_at(w, begin + i)->reached) return share_at(w, begin + i)->chain;
    return share_at(w, begin + count - 1)->chain;
}

static whole pick(World *w, whole lot, whole half, whole count) {
    if (count == 0) return -1;
    Flow *flow = flow_at(w, lot_at(w, lot)->flow);
    whole first = half + flow->begin, i = 0;
    while (i < count - 1 && lot_at(w, lot)->ramp >= level_at(w, first + i)->level) i++;
    whole begin = flow->table_begin + i * (flow->end - flow->begin);
    if (half > 0) begin += w->share_rows;
    return reached_by(w, begin, level_at(w, first + i)->count, lot_at(w, lot)->choice);
}

static void enlist(World *w, whole lot, whole c) {
    whole entry = unit_at(w, lot)->chain < 0 ? lot : lot + w->lot_count;
    Chain *chain = chain_at(w, c);
    unit_at(w, lot)->chain = c;
    enlisted_at(w, entry)->entry = -1;
    if (chain->oldest < 0) chain->oldest = entry;
    else enlisted_at(w, chain->newest)->entry = entry;
    chain->newest = entry;
}

static whole choose(World *w, whole lot) {
    Flow *flow = flow_at(w, lot_at(w, lot)->flow);
    whole chain = -1;
    if (lot_at(w, lot)->contract < flow->contract_share)
        chain = pick(w, lot, w->level_rows, flow->contract_level_count);
    if (chain < 0 || !chain_at(w, chain)->is_open)
        chain = pick(w, lot, 0, flow->level_count);
    if (chain >= 0) enlist(w, lot, chain);
    return chain;
}

static void delivered(World *w, whole lot) {
    Unit *unit = unit_at(w, lot);
    unit->at = w->now;
    unit->next = chain_at(w, unit->chain)->day;
    chain_at(w, unit->chain)->day = lot;
    unit->chain = -1;
}

static void lost(World *w, whole lot) { unit_at(w, lot)->chain = -1; }

static int is_available(World *w, whole c) {
    return chain_at(w, c)->open_from <= w->now && w->now < chain_at(w, c)->open_until;
}

static double inclusion(World *w, whole c) {
    Chain *chain = chain_at(w, c);
    if (!chain->is_open) return CLOSED_LEVEL;
    if (chain->ramp_ms == 0) return 1.0;
    return -expm1((double)-(w->now - chain->open_from) / (double)chain->ramp_ms);
}

static double next_level(const double *included, whole count, double level) {
    double found = INFINITY;
    for (whole i = 0; i < count; i++)
        if (level < included[i] && included[i] < found) found = included[i];
    return found;
}

static whole considered(const double *included, whole count, double level, whole begin,
                        whole *chains) {
    whole number = 0;
    for (whole i = 0; i < count; i++)
        if (included[i] >= level) chains[number++] = begin + i;
    return number;
}

static void fill(World *w, whole begin, const whole *chains, whole count,
                 const double *shares) {
    double reached = 0.0;
    for (whole i = 0; i < count; i++) {
        reached = i == 0 ? shares[i] : reached + shares[i];
        share_at(w, begin + i)->chain = chains[i];
        share_at(w, begin + i)->reached = reached;
    }
}

static void renew_flow(World *w, whole f) {
    Flow *flow = flow_at(w, f);
    whole width = flow->end - flow->begin, known[width], count = 0;
    double included[width], shares[width];
    for (whole i = 0; i < width; i++) included[i] = inclusion(w, flow->begin + i);
    double level = next_level(included, width, CLOSED_LEVEL);
    while (level < INFINITY) {
        Level *row = level_at(w, flow->begin + count);
        row->level = level;
        row->count = considered(included, width, level, flow->begin, known);
        share_routes(w, f, known, row->count, shares);
        fill(w, flow->table_begin + count * width, known, row->count, shares);
        level = next_level(included, width, level);
        count++;
    }
    flow->level_count = count;
}

static void renew(World *w) {
    for (whole f = 0; f < w->flow_count; f++) {
        for (whole c = flow_at(w, f)->begin; c < flow_at(w, f)->end; c++)
            chain_at(w, c)->is_open = is_available(w, c);
        renew_flow(w, f);
    }
}

static void keep_contracts(World *w) {
    whole half = w->level_rows;
    for (whole i = 0; i < half; i++) *level_at(w, half + i) = *level_at(w, i);
    half = w->share_rows;
    for (whole i = 0; i < half; i++) *share_at(w, half + i) = *share_at(w, i);
    for (whole f = 0; f < w->flow_count; f++)
        flow_at(w, f)->contract_level_count = flow_at(w, f)->level_count;
}

static whole number_of_day(World *w, whole c) {
    whole count = 0;
    for (whole lot = chain_at(w, c)->day; lot >= 0; lot = unit_at(w, lot)->next) count++;
    return count;
}

static void times_of_day(World *w, whole c, double *times) {
    whole lot = chain_at(w, c)->day;
    for (; lot >= 0; lot = unit_at(w, lot)->next)
        *times++ = (double)(unit_at(w, lot)->at - lot_at(w, lot)->arrival) / w->ms_per_hour;
}

static void perceive(World *w, whole c, double *times, whole count) {
    Chain *chain = chain_at(w, c);
    double weight = w->learning, mean = exact_sum(times, count) / (double)count;
    for (whole i = 0; i < count; i++) {
        double off = times[i] - mean;
        times[i] = off * off;
    }
    double variance = exact_sum(times, count) / (double)count;
    double step = mean - chain->mean_h, old = chain->sd_h * chain->sd_h;
    double spread = (1.0 - weight) * (old + weight * step * step) + weight * variance;
    chain->mean_h = chain->mean_h + weight * step;
    chain->sd_h = sqrt(spread);
}

static void perceive_stuck(World *w, whole c) {
    Chain *chain = chain_at(w, c);
    whole entry = chain->oldest;
    while (entry >= 0 && unit_at(w, entry % w->lot_count)->chain != c)
        entry = enlisted_at(w, entry)->entry;
    chain->oldest = entry;
    if (entry < 0) return;
    whole arrival = lot_at(w, entry % w->lot_count)->arrival;
    double age = (double)(w->now - arrival) / w->ms_per_hour;
    if (age > chain->mean_h + (double)w->stranded_ms / w->ms_per_hour)
        chain->mean_h = age;
}

static void learn_from(World *w, whole c) {
    whole count = number_of_day(w, c);
    double *times = malloc(count * sizeof(double));
    times_of_day(w, c, times);
    perceive(w, c, times, count);
    free(times);
    chain_at(w, c)->day = -1;
}

static void learn(World *w) {
    if (!w->is_learning) {
        if (w->has_openings) renew(w);
        return;
    }
    for (whole c = 0; c < w->chain_count; c++) {
        if (chain_at(w, c)->day >= 0) learn_from(w, c);
        else perceive_stuck(w, c);
    }
    renew(w);
}
