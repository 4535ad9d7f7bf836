"""Traffic by hand for the tests of rolling stock and passengers."""

import numpy as np

from railsim.traffic import ServiceTraffic, Traffic


def service(**numbers):
    """A service; what is not given is zero, one number a year."""
    years = len(next(iter(numbers.values())))
    named = dict.fromkeys(ServiceTraffic.__slots__, np.zeros(years))
    given = {name: np.array(values, float) for name, values in numbers.items()}
    return ServiceTraffic(**named | given)


def traffic(first_year, **services):
    """The traffic of a world that has these services only."""
    count = len(next(iter(services.values())).departures)
    years = np.arange(first_year, first_year + count, dtype=np.int64)
    return Traffic(years, {}, services, {}, {}, {}, {}, {})
