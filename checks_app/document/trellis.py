"""Exact decoding of characters under rules that a finite state can follow, such as a check digit modulo 10."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
FORBIDDEN = -1


class NothingKeepsTheRules(ValueError):
    """No sequence of symbols is allowed; the check digits of an MRZ always leave some."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one position allows: which symbols, and for each symbol (row) and state (column) the next state or FORBIDDEN."""

    symbols: Indices
    successors: Indices


@dataclass(frozen=True, slots=True)
class Decoded:
    """The most probable symbols that keep the rules.

    posteriors: probability of each chosen symbol, given that the rules hold. unruled: the symbol that each position alone would
    have chosen among the allowed ones. probability: how much of what the classifier believed keeps the rules, 0..1.
    """

    symbols: Indices
    posteriors: Floats
    unruled: Indices
    probability: float


def decode(steps: Sequence[Step], log_probabilities: Floats, *, states: int) -> Decoded:
    """Decode len(steps) positions from state 0 to any state. Raises NothingKeepsTheRules.

    log_probabilities: positions x symbols.
    """
    weights = []
    for step, row in zip(steps, log_probabilities, strict=True):
        allowed = np.exp(row[step.symbols])
        weights.append(allowed / max(allowed.sum(), np.finfo(float).tiny))
    path = _best_path(steps, weights, states)
    probability, posteriors = _posteriors(steps, weights, path, states)
    chosen = np.array([step.symbols[alternative] for step, alternative in zip(steps, path, strict=True)])
    unruled = np.array([step.symbols[weight.argmax()] for step, weight in zip(steps, weights, strict=True)])
    return Decoded(chosen, posteriors, unruled, probability)


def _best_path(steps: Sequence[Step], weights: Sequence[Floats], states: int) -> Indices:
    """Viterbi: return for each position the row of its step."""
    best = np.full(states, -np.inf)
    best[0] = 0.0
    arrivals = []
    for step, weight in zip(steps, weights, strict=True):
        reached = np.where(step.successors != FORBIDDEN, np.log(weight + 1e-30)[:, None] + best, -np.inf)
        following = np.full(states, -np.inf)
        open_ = reached > -np.inf
        np.maximum.at(following, step.successors[open_], reached[open_])
        winners = open_ & (reached == following[step.successors])
        origins = np.full(states, FORBIDDEN)
        origins[step.successors[winners]] = np.flatnonzero(winners.ravel())
        arrivals.append(origins)
        best = following
    if not np.isfinite(best).any():
        raise NothingKeepsTheRules
    state = int(best.argmax())
    path = []
    for origins in reversed(arrivals):
        alternative, state = divmod(int(origins[state]), states)
        path.append(alternative)
    return np.array(path[::-1])


def _posteriors(steps: Sequence[Step], weights: Sequence[Floats], path: Indices, states: int) -> tuple[float, Floats]:
    """Forward and backward sums: the share of everything that keeps the rules, and of it the share with each chosen symbol."""
    forward = [np.eye(1, states)[0]]
    for step, weight in zip(steps, weights, strict=True):
        open_ = step.successors != FORBIDDEN
        flow = weight[:, None] * forward[-1]
        forward.append(np.bincount(step.successors[open_], weights=flow[open_], minlength=states))
    total = float(forward[-1].sum())
    backward, posteriors = np.ones(states), []
    for step, weight, before, alternative in zip(reversed(steps), reversed(weights), reversed(forward[:-1]), path[::-1], strict=True):
        ahead = np.where(step.successors != FORBIDDEN, backward[step.successors], 0.0)
        posteriors.append(float(weight[alternative] * (before * ahead[alternative]).sum() / max(total, 1e-300)))
        backward = weight @ ahead
    return total, np.array(posteriors[::-1])
