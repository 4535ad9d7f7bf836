"""Uniforms that rise together: Gaussian copula and the method of Iman and Conover.

Pairs state rank correlations (Spearman). A copula turns each into the correlation of
normals rho = 2 sin(pi r / 6), repairs the matrix if no set of numbers can have it, and
mixes the normals; a factor that no pair ties to the others keeps its numbers, and so
does the first, by the alphabet, of those tied together. Iman and Conover keep the
values of every column and only put them into another order, which suits a Latin
hypercube; that order depends on the number of draws.

Source: Kruskal 1958; Higham 2002; Iman & Conover 1982.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from railsim.errors import InputError
from railsim.study.uncertainty.streams import inside
from railsim.study.uncertainty.together import Method, Pair

Floats = NDArray[np.float64]
NOTABLE_REPAIR = 0.05  # Frobenius norm, MODEL 10.2
LARGEST_REPAIR = 0.25  # of one correlation; beyond, the pairs contradict each other
ROUNDS = 1000
SETTLED = 1e-10
LEAST_PIVOT = 1e-10
CORRECTIONS = 3  # of the aim, each by what the last order missed


@dataclass(frozen=True, slots=True)
class Target:
    """Correlations of the normals of names tied together, wanted and possible."""

    names: tuple[str, ...]
    wanted: Floats
    possible: Floats

    def distance(self) -> float:
        """Frobenius norm of what the repair changed."""
        return float(np.sqrt(np.sum((self.possible - self.wanted) ** 2)))


def correlate(
    u: Floats, names: Sequence[str], pairs: Sequence[Pair], method: Method
) -> Floats:
    """Independent uniforms, rows x names, into ones with these rank correlations.

    Raises InputError if a pair names no column or itself, is there twice, or if no
    correlations near the wanted ones exist.
    """
    found = u.copy()
    for target in targets_of(names, pairs):
        columns = [list(names).index(name) for name in target.names]
        normals = np.asarray(ndtri(u[:, columns]), dtype=np.float64)
        if method == "copula":
            mixed = _times(normals, lower_triangle(target.possible))
            found[:, columns[1:]] = inside(np.asarray(ndtr(mixed[:, 1:])))
        else:
            found[:, columns] = _reordered(u[:, columns], target)
    return found


def targets_of(names: Sequence[str], pairs: Sequence[Pair]) -> list[Target]:
    """One target for each set of names that pairs tie together, names sorted."""
    known: dict[tuple[str, str], float] = {}
    for pair in pairs:
        key = (min(pair.one, pair.other), max(pair.one, pair.other))
        _check_pair(key, names, known)
        known[key] = pair.rank_correlation
    return [_target(group, known) for group in _groups(known)]


def remarks_on(targets: Sequence[Target]) -> list[str]:
    """A line for each set of correlations that had to be changed notably."""
    return [
        f"correlations of {', '.join(target.names)} are impossible together: nearest "
        f"possible ones taken, {target.distance():.3f} away"
        for target in targets
        if target.distance() > NOTABLE_REPAIR
    ]


def nearest_correlation(matrix: Floats) -> Floats:
    """The nearest positive semidefinite matrix with a diagonal of ones (Higham 2002).

    Alternating projections with Dykstra's correction, in the Frobenius norm.
    """
    found, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(ROUNDS):
        before = found
        shifted = found - correction
        values, vectors = np.linalg.eigh(shifted)
        psd = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = psd - shifted
        found = (psd + psd.T) / 2.0
        np.fill_diagonal(found, 1.0)
        if np.max(np.abs(found - before)) < SETTLED:
            break
    return np.round(found, 12)  # the same on every processor


def lower_triangle(matrix: Floats) -> Floats:
    """Cholesky factor; a row that follows from those above it gets a pivot of zero."""
    size = len(matrix)
    lower = np.zeros((size, size))
    for i in range(size):
        for j in range(i):
            if lower[j, j] > 0:
                known = math.fsum(lower[i, :j] * lower[j, :j])
                lower[i, j] = (matrix[i, j] - known) / lower[j, j]
        rest = matrix[i, i] - math.fsum(lower[i, :i] ** 2)
        lower[i, i] = math.sqrt(rest) if rest > LEAST_PIVOT else 0.0
    return lower


def _check_pair(
    key: tuple[str, str], names: Sequence[str], known: dict[tuple[str, str], float]
) -> None:
    for name in key:
        if name not in names:
            raise InputError(f"correlation with {name}: it is not an uncertain path")
    if key[0] == key[1]:
        raise InputError(f"correlation of {key[0]} with itself")
    if key in known:
        raise InputError(f"two correlations of {key[0]} and {key[1]}")


def _groups(known: dict[tuple[str, str], float]) -> Iterator[list[str]]:
    left = {name for key in known for name in key}
    while left:
        group, edge = set[str](), {min(left)}
        while edge:
            group |= edge
            tied = (set(key) for key in known if edge & set(key))
            edge = set[str]().union(*tied) - group
        left -= group
        yield sorted(group)


def _target(group: list[str], known: dict[tuple[str, str], float]) -> Target:
    wanted = np.eye(len(group))
    for (one, other), rank in known.items():
        if one in group:
            i, j = group.index(one), group.index(other)
            wanted[i, j] = wanted[j, i] = 2.0 * math.sin(math.pi * rank / 6.0)
    is_possible = np.linalg.eigvalsh(wanted)[0] >= -LEAST_PIVOT
    possible = wanted if is_possible else nearest_correlation(wanted)
    off = np.abs(possible - wanted)
    if off.max() > LARGEST_REPAIR:
        i, j = divmod(int(off.argmax()), len(group))
        raise InputError(
            f"correlations of {', '.join(group)} contradict each other: that of "
            f"{group[i]} and {group[j]} would have to change by {off.max():.2f}"
        )
    return Target(tuple(group), wanted, possible)


def _times(normals: Floats, lower: Floats) -> Floats:
    """normals @ lower.T, column by column: the same bytes on every processor."""
    columns = []
    for i in range(len(lower)):
        column = np.zeros(len(normals))
        for j in range(i + 1):
            column = column + lower[i, j] * normals[:, j]
        columns.append(column)
    return np.column_stack(columns)


def _reordered(u: Floats, target: Target) -> Floats:
    count = len(u)
    if count <= len(target.names):
        raise InputError(f"iman_conover needs more than {len(target.names)} draws")
    aim = target.possible
    found = _reordered_once(u, aim)
    for _ in range(CORRECTIONS):
        reached = 2.0 * np.sin(np.pi * np.corrcoef(_ranks(found), rowvar=False) / 6.0)
        aim = nearest_correlation(aim + target.possible - reached)
        found = _reordered_once(u, aim)
    return found


def _ranks(u: Floats) -> Floats:
    order = np.argsort(np.argsort(u, axis=0, kind="stable"), axis=0, kind="stable")
    return order.astype(np.float64)


def _reordered_once(u: Floats, aim: Floats) -> Floats:
    count = len(u)
    ranks = _ranks(u)
    scores = np.asarray(ndtri((ranks + 1.0) / (count + 1.0)))
    actual = np.asarray(np.corrcoef(scores, rowvar=False), dtype=np.float64)
    undo = np.asarray(np.linalg.inv(lower_triangle(actual)), dtype=np.float64)
    mixed = _times(_times(scores, undo), lower_triangle(aim))
    order = np.argsort(np.argsort(np.round(mixed, 12), axis=0, kind="stable"), axis=0)
    return np.take_along_axis(np.sort(u, axis=0), order, axis=0)
