"""What alternatives change: each against the first one, replication by replication."""

from __future__ import annotations

import numpy as np

from railsim.results.catalogue import EFFECTS, FLOW_VALUES
from railsim.results.tables.panel import Panel
from railsim.results.tables.routes import Rows, rows_of


def effects_table(panel: Panel) -> Rows:
    """Gains of shippers and emissions saved, flow by flow.

    The gain is (T0 + T1) / 2 (C0 - C1), C the composite cost, which holds for a new
    route as well (Small and Rosen 1981; MODEL specification 8.2). The first
    alternative is compared with itself: zeros.
    """
    first = panel.keys[0][0] if panel.keys else ""
    place = {key: i for i, key in enumerate(panel.keys)}
    before = np.array([place.get((first, *k[1:]), -1) for k in panel.keys], np.int64)
    is_known = (before >= 0)[:, None]
    teu, cost, emitted = (panel[name] for name in FLOW_VALUES)
    gain = (teu[before] + teu) / 2.0 * (cost[before] - cost)
    columns = {
        "teu": teu,
        "consumer_surplus_usd": np.where(is_known, gain, np.nan),
        "t_co2e": emitted,
        "t_co2e_saved": np.where(is_known, emitted[before] - emitted, np.nan),
    }
    return rows_of(EFFECTS, panel.keys, columns)
