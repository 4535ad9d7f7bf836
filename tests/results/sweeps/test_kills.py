"""Killed at any moment, the same line goes on and ends with the same bytes."""

import os
import random
import signal
import time

import pytest

from railsim.errors import RailsimError
from tests.study.sweeps import files_of, swept, write_study

KILLS = 20


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_twenty_kills_at_random_moments_change_no_byte(tmp_path):
    file = write_study(tmp_path, size=3, draws_per_part=1)
    swept(file, out=folder(tmp_path, "warm up"))
    began = time.monotonic()
    expected = files_of(swept(file, out=folder(tmp_path, "whole")).folder)
    took, chance, interrupted = time.monotonic() - began, random.Random(1), 0

    for number in range(KILLS):
        out = folder(tmp_path, f"killed {number}")
        interrupted += killed_after(chance.uniform(0.0, took), file, out)
        assert files_of(swept(file, out=out).folder) == expected

    assert interrupted >= KILLS / 2


def killed_after(seconds, file, out):
    """Whether a sweep in a process of its own was killed before its end."""
    child = os.fork()
    if child == 0:
        sweep_and_leave(file, out)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def sweep_and_leave(file, out):
    """Without a word to the tests that this process is a copy of."""
    try:
        swept(file, out=out)
    except RailsimError:
        os._exit(1)
    finally:
        os._exit(0)


def folder(root, name):
    """A new folder of results."""
    (root / name).mkdir()
    return root / name
