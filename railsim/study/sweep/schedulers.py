"""A distributed scheduler as an executor, where one is named."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext

from railsim.errors import InputError, MissingError
from railsim.scenario.paths import printable
from railsim.study.sweep.crews import Crew

KINDS = ("tcp://", "tls://")
PATIENCE_S = 10.0


@contextmanager
def scheduler(address: str) -> Iterator[Crew]:
    """The workers of a Dask scheduler at an address.

    Raises InputError for what is no address and MissingError (exit 4) when the extra
    `cluster` is not installed, no scheduler answers or it has no workers.
    """
    shown = printable(address)
    if not address.startswith(KINDS):
        raise InputError(f"--scheduler {shown}: must begin with {' or '.join(KINDS)}")
    try:
        from distributed import Client
    except ImportError:
        cure = 'pip install "railsim[cluster]"'
        raise MissingError(f"--scheduler needs the extra cluster: {cure}") from None
    try:
        client = Client(address, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError):
        message = f"--scheduler {shown}: no scheduler answers (start one with: "
        raise MissingError(f"{message}dask scheduler)") from None
    with client:
        threads = client.nthreads()
        if not threads:
            message = f"--scheduler {shown}: it has no workers (start one with: "
            raise MissingError(f"{message}dask worker {shown})")
        executor: Executor = client.get_executor()
        jobs = sum(int(count) for count in threads.values())
        yield Crew(lambda _: nullcontext(executor), jobs)
