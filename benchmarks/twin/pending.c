/* What will happen when, in the order of (time, sequence of planning). */

static void write_plan(Pending *row, whole key, whole slot) {
    row->key = key;
    row->slot = slot;
}

static void rise(World *w, whole i, whole key, whole slot) {
    while (i > 0) {
        Pending *above = pending_at(w, (i - 1) >> 1);
        if (above->key <= key) break;
        write_plan(pending_at(w, i), above->key, above->slot);
        i = (i - 1) >> 1;
    }
    write_plan(pending_at(w, i), key, slot);
}

static void push(World *w, whole at, whole order, whole slot) {
    whole i = w->heap_size, key = (at - w->next_bucket_ms) * ((whole)1 << ORDER_BITS);
    w->heap_size = i + 1;
    rise(w, i, key | order, slot);
}

static whole first_ms(World *w) {
    return w->next_bucket_ms + (pending_at(w, 0)->key >> ORDER_BITS);
}

static whole pop_first(World *w) {
    whole slot = pending_at(w, 0)->slot, size = w->heap_size - 1;
    w->heap_size = size;
    whole key = pending_at(w, size)->key, last = pending_at(w, size)->slot;
    whole i = 0, below = 1;
    while (below < size) {
        below += pending_at(w, below + 1)->key < pending_at(w, below)->key;
        Pending *child = pending_at(w, below);
        write_plan(pending_at(w, i), child->key, child->slot);
        i = below;
        below = 2 * below + 1;
    }
    rise(w, i, key, last);
    return slot;
}

static whole behind(World *w, whole i) { return i + 1 == w->ready_rows ? 0 : i + 1; }

static whole next_ready(World *w) {
    whole slot = ready_at(w, w->ready_head)->slot;
    w->ready_head = behind(w, w->ready_head);
    return slot;
}

#define LINK(row, at, planned, first) \
    ((row)->due = (at), (row)->order = (planned), (row)->then = (first))

static void put_by(World *w, whole at, whole order, whole slot) {
    Bucket *bucket = bucket_at(w, (at - w->begin) >> BUCKET_BITS);
    if (slot < w->unit_count) LINK(unit_at(w, slot), at, order, bucket->first);
    else LINK(parcel_at(w, slot - w->unit_count), at, order, bucket->first);
    bucket->first = slot;
}

#define POUR(w, row, slot) (push(w, (row)->due, (row)->order, slot), (row)->then)

static void pour_bucket(World *w) {
    whole slot = bucket_at(w, (w->next_bucket_ms - w->begin) >> BUCKET_BITS)->first;
    w->next_bucket_ms += 1 << BUCKET_BITS;
    while (slot >= 0) {
        if (slot < w->unit_count) slot = POUR(w, unit_at(w, slot), slot);
        else slot = POUR(w, parcel_at(w, slot - w->unit_count), slot);
    }
}

static void plan(World *w, whole at, whole slot) {
    if (at == w->now) {
        ready_at(w, w->ready_tail)->slot = slot;
        w->ready_tail = behind(w, w->ready_tail);
        return;
    }
    whole order = w->sequence;
    w->sequence = order + 1;
    if (at < w->next_bucket_ms) push(w, at, order, slot);
    else if (at < w->stop) put_by(w, at, order, slot);
}

static void plan_unit(World *w, whole at, whole u) { plan(w, at, u); }

static whole take_parcel(World *w) {
    whole slot = w->free_parcel;
    if (slot < 0) return w->parcel_count++;
    w->free_parcel = parcel_at(w, slot)->then;
    return slot;
}

static void plan_parcel(World *w, whole at, whole kind, whole unit, whole place,
                        whole amount) {
    whole slot = take_parcel(w);
    Parcel *parcel = parcel_at(w, slot);
    parcel->kind = kind;
    parcel->unit = unit;
    parcel->place = place;
    parcel->amount = amount;
    plan(w, at, w->unit_count + slot);
}

static void free_parcel(World *w, whole slot) {
    parcel_at(w, slot)->then = w->free_parcel;
    w->free_parcel = slot;
}
