"""The numbers by which kernels know events, causes, words, acts and counting units."""

from __future__ import annotations

from railsim.corridor import tables
from railsim.engine import log

(
    CHOSE,
    WAIT,
    START,
    END,
    BOARD,
    PART,
    ENTER,
    CLEAR,
    TAKE,
    GIVE,
    DEPART,
    ARRIVE,
    CANCELLED,
    DELIVERED,
    LOST,
    REROUTED,
    CAPACITY,
) = map(int, log.Event)
LOW_LOAD, DROPPED, CLOSED, NO_TOKEN = map(int, log.Cause)
WORD_TRAVEL, WORD_STATION, WORD_DEPARTURE, WORD_LINE, WORD_POOL = map(int, tables.Word)
DO_TRAVEL, DO_SERVE, DO_RIDE, DO_RUN, DO_TAKE, DO_GIVE = map(int, tables.Act)
PER_ONE, PER_BOX, PER_TEU, PER_TRUCK, PER_TONNE = map(int, tables.Unit)
NOBODY, NOWHERE = log.NOBODY, log.NOWHERE

AWAY, NO, YES = -1, 0, 1  # answers to who waits
TOKENS, DEADLINE, CLEARED = range(3)  # kinds of parcels
AON, MNL, NESTED = range(3)  # models of choice
NEVER = 2**62
# What a unit is doing, so what comes next when it is woken.
(
    LINK_SHUT,  # waits before a closed link
    DRIVING,
    QUEUEING,  # waits for a server
    SERVED,
    RIDING,  # waits for a vehicle, or sits in it
    ASKING,  # waits for a section
    RUNNING,  # runs over it
    WANTING,  # waits for tokens
    DECIDING,  # a vehicle asks whether it runs
    HOLDING,  # it waits for the tokens of its first steps
    BOARDING,  # it takes its lots
    TURNED,  # a stranded lot goes to its new route
) = range(12)
