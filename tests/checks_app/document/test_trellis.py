"""Exact decoding under rules."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from checks_app.document import trellis
from checks_app.document.trellis import FORBIDDEN, Step

DIGITS = np.arange(3)
ADD = Step(DIGITS, (np.arange(3)[None, :] + DIGITS[:, None]) % 3)  # state: the sum so far, modulo 3
EQUALS_SUM = Step(DIGITS, np.where(DIGITS[:, None] == np.arange(3)[None, :], 0, FORBIDDEN))
STEPS = (ADD, ADD, ADD, EQUALS_SUM)


def beliefs(seed: int) -> np.ndarray:
    return np.log(np.random.default_rng(seed).dirichlet(np.ones(3), size=4))


@pytest.mark.parametrize("seed", range(20))
def test_decoding_finds_what_trying_everything_finds(seed: int) -> None:
    """R30."""
    logs = beliefs(seed)
    keeping = {word: sum(logs[i, s] for i, s in enumerate(word)) for word in product(range(3), repeat=4) if sum(word[:3]) % 3 == word[3]}
    best = max(keeping, key=lambda word: keeping[word])
    total = sum(np.exp(score) for score in keeping.values())
    decoded = trellis.decode(STEPS, logs, states=3)
    assert tuple(decoded.symbols) == best
    assert decoded.probability == pytest.approx(total)
    shares = [sum(np.exp(score) for word, score in keeping.items() if word[i] == best[i]) / total for i in range(4)]
    assert decoded.posteriors == pytest.approx(shares)


def test_what_each_position_alone_would_choose_is_kept_beside_it() -> None:
    """R30."""
    logs = np.log([[0.8, 0.1, 0.1], [0.8, 0.1, 0.1], [0.5, 0.45, 0.05], [0.01, 0.98, 0.01]])
    decoded = trellis.decode(STEPS, logs, states=3)
    assert tuple(decoded.unruled) == (0, 0, 0, 1)
    assert tuple(decoded.symbols) == (0, 0, 1, 1)


def test_rules_that_nothing_keeps_are_an_error() -> None:
    """R30."""
    never = Step(DIGITS, np.full((3, 3), FORBIDDEN))
    with pytest.raises(trellis.NothingKeepsTheRules):
        trellis.decode((ADD, never), beliefs(0)[:2], states=3)
