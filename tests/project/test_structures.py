"""A thousand random projects: no money is lost, no date is out of order."""

import math

import numpy as np
from hypothesis import given, settings

from railsim.project import deliver
from railsim.project.delivery.spending import approved_usd
from tests.project.structures import LUCKS, projects
from tests.project.worlds import line

LAST = 2066.0


@given(projects(), LUCKS)
@settings(max_examples=1000, deadline=None)
def test_random_projects_spend_what_they_cost_before_they_open(project, luck):
    world = line().model_copy(update={"projects": {"lchh": project}})

    found = deliver(world, {"lchh": luck})["lchh"]

    spent = np.array(list(found.spent_usd.values()))
    assert spent.min() >= -1e-6
    assert found.start < found.works_end < found.opening
    lag = project.retention.lag_years if project.retention else 0.0
    if found.works_end + lag < LAST:
        approved = math.fsum(approved_usd(world, project).values())
        yearly = project.delay_cost.share_per_year
        wanted = approved * (found.overrun + yearly * found.prolonged_years)
        assert math.isclose(spent.sum(), wanted, rel_tol=1e-9)
