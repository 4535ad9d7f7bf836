"""Functions with known answers, and points to ask them at."""

import numpy as np
from pydantic import TypeAdapter

from railsim.formulas.sensitivity import evaluate_ishigami
from railsim.study.uncertainty.designs import Design
from railsim.study.uncertainty.points import points

READER = TypeAdapter(Design)
NAMES = ("x1", "x2", "x3")
G_SHAPES = (0.0, 1.0, 4.5, 9.0)


def lay(kind, names, size, seed=7, **more):
    """Points of a design."""
    design = READER.validate_python({"kind": kind, **more})
    return points(design, list(names), size, seed)


def ishigami(u):
    """The function of Ishigami and Homma at uniforms."""
    return evaluate_ishigami((2 * u - 1) * np.pi)


def g_function(u):
    """The g-function of Saltelli and Sobol' at uniforms."""
    shapes = np.array(G_SHAPES)
    return np.prod((np.abs(4 * u - 2) + shapes) / (1 + shapes), axis=1)


def luck_of(numbers, seed=1):
    """A standard normal number for each replication."""
    return np.random.Generator(np.random.PCG64(seed)).standard_normal(10**6)[numbers]
