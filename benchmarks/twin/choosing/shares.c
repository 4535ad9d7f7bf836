/* Shares of routes in the same arithmetic as the kernel's, bit by bit. */

static double rounded(const double *parts, whole count) {
    if (count == 0) return 0.0;
    whole i = count - 1;
    double high = parts[i], low = 0.0;
    while (i > 0 && low == 0.0) {
        double x = high, y = parts[--i];
        high = x + y;
        low = y - (high - x);
    }
    if (i > 0 && ((low < 0.0 && parts[i - 1] < 0.0) || (low > 0.0 && parts[i - 1] > 0.0))) {
        double twice = low * 2.0, x = high + twice;
        if (twice == x - high) high = x;
    }
    return high;
}

static double exact_sum(const double *values, whole number) {
    double parts[64];
    whole count = 0;
    for (whole i = 0; i < number; i++) {
        double x = values[i];
        whole kept = 0;
        for (whole j = 0; j < count; j++) {
            double y = parts[j];
            if (fabs(x) < fabs(y)) {
                double swapped = x;
                x = y;
                y = swapped;
            }
            double high = x + y, low = y - (high - x);
            if (low != 0.0) parts[kept++] = low;
            x = high;
        }
        parts[kept] = x;
        count = kept + (x != 0.0);
    }
    return rounded(parts, count);
}

static double generalised_cost(World *w, whole f, whole c) {
    Flow *flow = flow_at(w, f);
    Chain *chain = chain_at(w, c);
    double days = chain->mean_h / w->hours_per_day;
    double deviation = chain->sd_h / w->hours_per_day;
    double spread = flow->demand * deviation;
    double stock = flow->service_factor *
                   sqrt(days * (flow->demand_sd * flow->demand_sd) + spread * spread);
    double inventory = flow->value * flow->inventory_rate * days / w->days_per_year;
    double decay = -flow->value * expm1(-chain->decay_per_day * days);
    double schedule = flow->schedule * (chain->headway_days / 2.0);
    double safety =
        flow->holding * flow->value * stock / (w->days_per_year * flow->demand);
    return chain->money + (inventory + decay + schedule + safety);
}

static double largest(const double *values, whole count) {
    double high = values[0];
    for (whole i = 0; i < count; i++)
        if (values[i] > high) high = values[i];
    return high;
}

static void weigh(const double *values, whole count, double high, double *weights) {
    for (whole i = 0; i < count; i++) weights[i] = exp(values[i] - high);
}

static void softmax(const double *values, whole count, double *weights) {
    weigh(values, count, largest(values, count), weights);
    double total = exact_sum(weights, count);
    for (whole i = 0; i < count; i++) weights[i] = weights[i] / total;
}

static double logsumexp(const double *values, whole count) {
    double high = largest(values, count), weights[count];
    weigh(values, count, high, weights);
    return high + log(exact_sum(weights, count));
}

static void observed(World *w, const whole *chains, whole count, double *base) {
    for (whole i = 0; i < count; i++) base[i] = chain_at(w, chains[i])->base_share;
    double total = exact_sum(base, count);
    for (whole i = 0; i < count; i++)
        base[i] = total > 0.0 ? base[i] / total : 1.0 / (double)count;
}

static void all_or_nothing(const double *cost, whole count, double *shares) {
    whole best = 0;
    for (whole i = 0; i < count; i++) {
        shares[i] = 0.0;
        if (cost[i] < cost[best]) best = i;
    }
    shares[best] = 1.0;
}

static whole members_of(World *w, const whole *chains, whole count, whole nest,
                        whole *found) {
    whole number = 0;
    for (whole i = 0; i < count; i++)
        if (chain_at(w, chains[i])->nest == nest) found[number++] = i;
    return number;
}

static double within_nest(World *w, const whole *chains, const double *utility,
                          const whole *members, whole number, double *shares) {
    double scale = chain_at(w, chains[members[0]])->scale;
    double inner[number], within[number];
    for (whole k = 0; k < number; k++) inner[k] = utility[members[k]] / scale;
    softmax(inner, number, within);
    for (whole k = 0; k < number; k++) shares[members[k]] = within[k];
    return scale * logsumexp(inner, number);
}

static void nested(World *w, const whole *chains, whole count, const double *utility,
                   double *shares) {
    whole nests[count], members[count], found = 0;
    double tops[count], top[count];
    for (whole i = 0; i < count; i++) {
        whole nest = chain_at(w, chains[i])->nest;
        whole number = members_of(w, chains, count, nest, members);
        if (members[0] != i) continue;
        nests[found] = i;
        tops[found++] = within_nest(w, chains, utility, members, number, shares);
    }
    softmax(tops, found, top);
    for (whole n = 0; n < found; n++) {
        whole nest = chain_at(w, chains[nests[n]])->nest;
        whole number = members_of(w, chains, count, nest, members);
        for (whole k = 0; k < number; k++)
            shares[members[k]] = shares[members[k]] * top[n];
    }
}

static void share_routes(World *w, whole f, const whole *chains, whole count,
                         double *shares) {
    if (!w->is_learning) {
        observed(w, chains, count, shares);
        return;
    }
    double cost[count], utility[count];
    for (whole i = 0; i < count; i++) {
        cost[i] = generalised_cost(w, f, chains[i]);
        utility[i] = chain_at(w, chains[i])->asc - flow_at(w, f)->theta * cost[i];
    }
    if (w->model == AON) all_or_nothing(cost, count, shares);
    else if (w->model == MNL) softmax(utility, count, shares);
    else nested(w, chains, count, utility, shares);
}
