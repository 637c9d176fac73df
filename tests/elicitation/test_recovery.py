"""Known frequencies are recovered from simulated facts: intervals hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from model.elicitation.cells import Cells
from model.elicitation.diagnostics import prior_log_weights
from model.elicitation.likelihood import symbol_probabilities
from model.elicitation.observations import SYMBOLS
from priors import load_knowledge_base
from tests.support.invented import DISEASES, FINDINGS, fact, write_invented

CUT_POINTS = np.log([0.03 / 0.97, 0.09 / 0.91, 0.14 / 0.86])
"""Their prior medians."""

SYMBOL_FINDING = FINDINGS[0]


def placeholders():
    """Which cells have facts, and of which kind: counts of 25, of 4, percentages, and a column of symbols."""
    facts, number = [], 0
    for i, disease in enumerate(DISEASES):
        for j, finding in enumerate(FINDINGS):
            kind = (i + j) % 4
            if kind == 3:
                continue  # silence
            number += 1
            if kind == 2:
                facts.append(fact(number, disease, finding, "percentage", low=0.5, denominator="patients"))
            else:
                facts.append(fact(number, disease, finding, "count", low=1, n=(25, 4)[kind], denominator="p"))
            if finding == SYMBOL_FINDING:
                number += 1
                facts.append(fact(number, disease, finding, "symbol", term="+", location="Table 3, cord"))
    return facts


def simulated(facts, cells, truth, rng):
    """The facts as a world with true log weights would have printed them."""
    for row in facts:
        x = truth[cells.blocks[row["finding"], row["diagnosis"]].start]
        if row["kind"] == "count":
            row["low"] = rng.binomial(row["n"], expit(x))
        elif row["kind"] == "percentage":
            row["low"] = rng.binomial(50, expit(x)) / 50
        else:
            row["term"] = SYMBOLS[rng.choice(4, p=symbol_probabilities(np.array(x), CUT_POINTS))]
    return facts


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say(tmp_path):
    """132 cells, of which 90 have facts: coverage of 50 % and 90 % intervals within 3 standard errors."""
    from model.elicitation.sampling import sample

    rng = np.random.default_rng(20261121)
    facts = placeholders()
    cells = Cells(load_knowledge_base(write_invented(tmp_path / "design", facts)))
    truth = prior_log_weights(cells, "literature", 1, seed=3)[0]
    knowledge = load_knowledge_base(write_invented(tmp_path / "world", simulated(facts, cells, truth, rng)))
    drawn = sample(knowledge, seed=4, chains=2, draws=500, tune=500, progress=False)
    flat = drawn.values["log_weights"]
    assert drawn.record["divergences"] == 0
    read = {cells.blocks[row["finding"], row["diagnosis"]].start for row in facts}
    with_facts = np.array(sorted(read))
    assert len(with_facts) == 90
    for chosen in (with_facts, np.arange(cells.size)):
        for level in (0.5, 0.9):
            low, high = np.quantile(flat[:, chosen], [(1 - level) / 2, (1 + level) / 2], axis=0)
            held = ((low < truth[chosen]) & (truth[chosen] < high)).mean()
            assert abs(held - level) < 3 * np.sqrt(level * (1 - level) / len(chosen)), (level, held)
    # The facts were informative: intervals of cells with 25 patients are much narrower than their prior.
    assert np.median(flat[:, with_facts].std(axis=0)) < 0.6 * np.median(
        prior_log_weights(cells, "literature", 500, seed=5)[:, with_facts].std(axis=0)
    )
    assert np.corrcoef(flat[:, with_facts].mean(axis=0), truth[with_facts])[0, 1] > 0.8
