"""Rows of a log that are kept after its page is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from railsim.corridor.arrays import Flags, Ints
from railsim.engine.log import EventLog


@dataclass(frozen=True, slots=True)
class Happened:
    """Rows of a log, in its order."""

    at_ms: Ints
    event: Ints
    unit: Ints
    resource: Ints
    value: Ints
    amount: Ints

    @classmethod
    def of(cls, page: EventLog, rows: Flags) -> Happened:
        """These rows of a page, copied."""
        chosen = np.flatnonzero(rows)
        return cls(*(getattr(page, f.name)[chosen] for f in fields(cls)))

    @classmethod
    def joined(cls, parts: Sequence[Happened]) -> Happened:
        """The rows of all pages as whole numbers of one width."""
        return cls(
            *(
                np.concatenate(
                    [np.zeros(0, np.int64), *(getattr(p, f.name) for p in parts)]
                )
                for f in fields(cls)
            )
        )
