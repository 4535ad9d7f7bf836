/* The clock: from instant to instant, and within one from events to rounds of grants.

   Files and functions are those of `railsim/engine/compiled`, which says why; the rows
   and the numbers of `tables.h` are written from its dtypes and constants. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef int64_t whole;

static whole least(whole a, whole b) { return a < b ? a : b; }
static whole most(whole a, whole b) { return a > b ? a : b; }

#include "tables.h"
#include "events.c"
#include "pending.c"
#include "ordering.c"
#include "words/queues.c"
#include "words/rooms.c"
#include "words/tracks.c"
#include "words/platforms.c"
#include "words/steps.c"
#include "choosing/shares.c"
#include "choosing/shippers.c"
#include "choosing/stranded.c"
#include "lives.c"

static whole next_lot_ms(World *w) {
    return w->next_lot == w->lot_count ? NEVER : lot_at(w, w->next_lot)->arrival;
}

static whole next_vehicle_ms(World *w) {
    if (w->next_vehicle == w->vehicle_count) return NEVER;
    return departure_at(w, w->next_vehicle)->at;
}

static whole next_change_ms(World *w) {
    return w->next_change == w->change_count ? NEVER : change_at(w, w->next_change)->at;
}

static void look_outside(World *w) {
    whole soonest = least(next_lot_ms(w), next_vehicle_ms(w));
    w->outside_ms = least(soonest, least(next_change_ms(w), w->midnight));
}

static void begin(World *w) {
    w->has_begun = 1;
    renew(w);
    keep_contracts(w);
    w->now = w->begin - 1;
    look_outside(w);
}

static void wake_next(World *w) {
    whole u = w->answered_head;
    w->answered_head = unit_at(w, u)->then;
    proceed(w, u);
}

static void happen(World *w, whole slot) {
    if (slot < w->unit_count) {
        proceed(w, slot);
        return;
    }
    slot -= w->unit_count;
    Parcel parcel = *parcel_at(w, slot);
    free_parcel(w, slot);
    if (parcel.kind == TOKENS) give_back(w, parcel.unit, parcel.place, parcel.amount);
    else if (parcel.kind == CLEARED) clear_section(w, parcel.place, parcel.amount);
    else touch(w, parcel.place);
}

static void enter(World *w) {
    w->is_over_budget = w->rows > w->max_events;
    if (next_lot_ms(w) <= w->now) begin_lot(w, w->next_lot++);
    else begin_vehicle(w, departure_at(w, w->next_vehicle++)->unit);
    look_outside(w);
}

static void grant(World *w, whole r) {
    switch (resource_at(w, r)->word) {
    case WORD_STATION: grant_station(w, r); return;
    case WORD_LINE: grant_line(w, r); return;
    case WORD_DEPARTURE: grant_platform(w, r); return;
    case WORD_POOL: grant_pool(w, r); return;
    default: grant_door(w, r);
    }
}

static void arbitrate(World *w) {
    w->round += 1;
    whole *head = w->first_head >= 0 ? &w->first_head : &w->rest_head, r = *head;
    *head = -1;
    while (r >= 0) {
        whole after = resource_at(w, r)->then;
        resource_at(w, r)->is_touched = 0;
        grant(w, r);
        r = after;
    }
}

static int is_busy(World *w) {
    if (w->answered_head >= 0) wake_next(w);
    else if (w->heap_size > 0 && first_ms(w) == w->now) happen(w, pop_first(w));
    else if (w->ready_head != w->ready_tail) happen(w, next_ready(w));
    else if (w->outside_ms <= w->now) enter(w);
    else if (w->first_head >= 0 || w->rest_head >= 0) arbitrate(w);
    else return 0;
    return 1;
}

static whole soonest_ms(World *w) {
    return w->heap_size > 0 ? least(w->outside_ms, first_ms(w)) : w->outside_ms;
}

static void change(World *w, Change *row) {
    resource_at(w, row->resource)->capacity = row->capacity;
    record(w, CAPACITY, NOBODY, row->resource, 0, row->capacity);
    touch(w, row->resource);
}

static void begin_instant(World *w) {
    while (next_change_ms(w) <= w->now) change(w, change_at(w, w->next_change++));
    if (w->midnight == w->now) {
        w->midnight += w->ms_per_day;
        learn(w);
        offer_other_routes(w);
    }
    look_outside(w);
}

static void order_instant(World *w) {
    whole begin = w->instant, end = w->rows, i = begin + 1;
    w->instant = end;
    while (i < end && log_unit_at(w, i - 1)->number <= log_unit_at(w, i)->number) i++;
    if (i < end) reorder(w, begin, end);
}

static int advance(World *w) {
    order_instant(w);
    whole soonest = soonest_ms(w);
    while (soonest >= w->next_bucket_ms && w->next_bucket_ms < w->stop) {
        pour_bucket(w);
        soonest = soonest_ms(w);
    }
    w->now = most(soonest, w->begin);
    if (w->now >= w->stop) return 0;
    if (w->outside_ms <= w->now) begin_instant(w);
    return 1;
}

whole run(World *w) {
    if (!w->has_begun) begin(w);
    while (w->rows < w->rows_safe) {
        if (!(is_busy(w) || advance(w)))
            return w->rows > w->max_events ? IS_OVER_BUDGET : DONE;
        if (w->is_over_budget) return IS_OVER_BUDGET;
    }
    return IS_FULL;
}
