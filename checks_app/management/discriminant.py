"""A linear discriminant with a shrunken covariance: tells two kinds of pictures apart by many numbers, learnt from few pictures.

Source: Friedman, Regularized Discriminant Analysis, JASA 84(405), 1989, with the identity as target.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHRINKAGE = 0.65  # towards independent numbers of unit variance
CLIP = 4.0  # standard deviations: a number outside what was learnt must not decide by itself

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Discriminant:
    """What was learnt of n numbers."""

    mean: Numbers
    spread: Numbers
    weights: Numbers
    middle: float  # of the two kinds

    def score(self, numbers: Numbers) -> Numbers:
        """Return one score per row (rows x n): above 0 for the second kind, below for the first; about 1 apart in spread."""
        return np.asarray(_standardised(numbers, self.mean, self.spread) @ self.weights - self.middle)


def learn(numbers: Numbers, second: NDArray[np.bool_]) -> Discriminant:
    """Learn from rows of numbers (NaN: not measured) which of them are of the second kind. Both kinds are needed."""
    mean = np.nan_to_num(_mean_of_known(numbers))
    spread = np.where(np.isnan(numbers), mean, numbers).std(axis=0) + 1e-9
    standard = _standardised(numbers, mean, spread)
    first_mean, second_mean = standard[~second].mean(axis=0), standard[second].mean(axis=0)
    within = standard - np.where(second[:, None], second_mean, first_mean)
    covariance = (1 - SHRINKAGE) * within.T @ within / len(within) + SHRINKAGE * np.eye(standard.shape[1])
    weights = np.linalg.solve(covariance, second_mean - first_mean)
    weights /= np.sqrt(weights @ covariance @ weights)
    return Discriminant(mean, spread, weights, float(weights @ (first_mean + second_mean) / 2))


def _mean_of_known(numbers: Numbers) -> Numbers:
    known = ~np.isnan(numbers)
    return np.asarray(np.where(known, numbers, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1))


def _standardised(numbers: Numbers, mean: Numbers, spread: Numbers) -> Numbers:
    return np.clip((np.where(np.isnan(numbers), mean, numbers) - mean) / spread, -CLIP, CLIP)
