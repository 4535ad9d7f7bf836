/* The rows of an instant in the order of their units, within a unit as it happened. */

static void merge(whole *keys, whole *merged, whole begin, whole middle, whole end) {
    whole i = begin, j = middle;
    for (whole k = begin; k < end; k++) {
        if (i < middle && (j == end || keys[i] < keys[j])) merged[k] = keys[i++];
        else merged[k] = keys[j++];
    }
}

static whole *sorted(whole *keys, whole *other, whole count) {
    for (whole width = 1; width < count; width *= 2) {
        for (whole begin = 0; begin < count; begin += 2 * width) {
            whole middle = least(begin + width, count);
            merge(keys, other, begin, middle, least(begin + 2 * width, count));
        }
        whole *swapped = keys;
        keys = other;
        other = swapped;
    }
    return keys;
}

static void read_row(World *w, whole i, whole *row) {
    row[0] = log_event_at(w, i)->event;
    row[1] = log_unit_at(w, i)->number;
    row[2] = log_resource_at(w, i)->number;
    row[3] = log_value_at(w, i)->number;
    row[4] = log_amount_at(w, i)->number;
}

static void write_row(World *w, whole i, const whole *row) {
    log_event_at(w, i)->event = row[0];
    log_unit_at(w, i)->number = row[1];
    log_resource_at(w, i)->number = row[2];
    log_value_at(w, i)->number = row[3];
    log_amount_at(w, i)->number = row[4];
}

static void reorder(World *w, whole begin, whole end) {
    whole count = end - begin, *memory = malloc(7 * count * sizeof(whole));
    whole *rows = memory + 2 * count;
    for (whole i = 0; i < count; i++)
        memory[i] = log_unit_at(w, begin + i)->number * ((whole)1 << 32) + i;
    whole *keys = sorted(memory, memory + count, count);
    for (whole i = 0; i < count; i++)
        read_row(w, begin + (keys[i] & 0xFFFFFFFF), rows + 5 * i);
    for (whole i = 0; i < count; i++) write_row(w, begin + i, rows + 5 * i);
    free(memory);
}
