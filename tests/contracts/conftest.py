"""Every engine runs every test of this folder."""

import pytest

from tests.engine.networks import ENGINES, Engine


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    """One engine after the other."""
    return ENGINES[request.param]
