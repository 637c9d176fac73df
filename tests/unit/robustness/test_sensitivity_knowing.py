"""What knowing a number is worth: regression over draws against known answers, and the switches of the structure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import EvidenceError
from model.network.beliefs import JUDGED, is_judged
from model.network.hierarchy import hierarchy
from model.network.network import Network, build_network
from model.network.shipped import load_network
from model.network.storage import load_parameters
from model.next_step.target import Decision
from model.patient.evidence import encode
from model.robustness.knowing import value_of_knowing
from model.robustness.number import ODDS_RATIO, Number, is_direct, numbers_of
from model.robustness.regression import (
    basis_of,
    bits,
    gain,
    orders,
    share_error,
    shuffles,
    surrogate,
    variance_share,
)
from model.robustness.switch import Position, switches, thinned
from tests.support.small_network import small_network

N = 400


def uncertain(**spread: float) -> Network:
    """The small network in which only P(finding present | nmosd) varies, by a spread on the log-odds scale."""
    mean = small_network().at_mean()
    tables = {name: np.repeat(table, N, axis=0) for name, table in mean.tables.items()}
    leaf = mean.states["diagnosis"].index("nmosd")
    rng = np.random.default_rng(5)
    for name, width in spread.items():
        table = tables[name]
        log_odds = np.log(table[0, leaf, 1] / table[0, leaf, 0]) + width * rng.standard_normal(N)
        p = 1 / (1 + np.exp(-log_odds))
        table[:, leaf] = np.stack([1 - p, p], axis=-1)
    return replace(mean, tables=tables)


class TestRegression:
    def test_gain_of_a_known_normal_sum(self):
        # Utilities 0 and x + y, standard normal: knowing x is worth E max(0, x) = 1 / sqrt(2 pi).
        rng = np.random.default_rng(3)
        n = 20_000
        x, y = rng.standard_normal((2, n))
        utility = np.stack([np.zeros(n), x + y], axis=1)
        [order] = orders(np.stack([x], axis=1))
        found = float(gain(basis_of(n).fitted(utility, order))[0])
        error = np.std(np.maximum(x, 0)) / np.sqrt(n)
        assert abs(found - 1 / np.sqrt(2 * np.pi)) < 4 * error

    def test_gain_by_nested_sampling(self):
        # A product with 3 outcomes, against the mean over y at each x: no regression there.
        rng = np.random.default_rng(4)
        x, y = rng.standard_normal((2, 20_000))

        def shares(x, y):
            weights = np.exp(np.stack([x + y, 0.8 * x - y, 0.2 + 0 * (x + y)], axis=-1))
            return weights / weights.sum(axis=-1, keepdims=True)

        [order] = orders(x[:, None])
        utility = shares(x, y)
        found = float(gain(basis_of(len(x)).fitted(utility, order))[0])
        inner = shares(rng.standard_normal(1500)[:, None], rng.standard_normal(1500)[None]).mean(axis=1)
        expected = inner.max(axis=1).mean() - inner.mean(axis=0).max()
        error = inner.max(axis=1).std() / np.sqrt(1500) + utility.std() / np.sqrt(len(x))
        assert abs(found - expected) < 4 * error

    def test_variance_shares_of_a_sum(self):
        # Var(2 x) : Var(y) = 4 : 1.
        rng = np.random.default_rng(6)
        x, y, z = rng.standard_normal((3, 2000))
        outcome = 2 * x + y
        [order] = orders(np.stack([x, y, z], axis=1))
        share = variance_share(basis_of(2000).fitted(outcome[:, None], order)[..., 0], outcome)
        error = share_error(share, 2000)
        assert (np.abs(share - [0.8, 0.2, 0.0]) < 4 * np.maximum(error, 1 / 2000)).all()

    def test_shares_do_not_change_with_the_scale_of_a_number(self):
        rng = np.random.default_rng(7)
        x, outcome = rng.standard_normal((2, 300))
        fits = [basis_of(300).fitted(outcome[:, None], next(orders(v[:, None]))) for v in (x, np.exp(3 * x))]
        np.testing.assert_array_equal(fits[0], fits[1])

    def test_a_straight_line_is_predicted_and_shared_out(self):
        rng = np.random.default_rng(8)
        inputs = rng.standard_normal((300, 5))
        outcome = inputs @ np.array([3.0, -1.0, 0.0, 0.5, 0.0]) + 0.01 * rng.standard_normal(300)
        shares, predicted = surrogate(inputs, outcome)
        assert predicted > 0.999
        assert shares.sum() == pytest.approx(1.0, abs=1e-3)
        assert shares.argsort()[::-1][:3].tolist() == [0, 1, 3]

    def test_noise_is_not_predicted(self):
        rng = np.random.default_rng(9)
        _, predicted = surrogate(rng.standard_normal((200, 50)), rng.standard_normal(200))
        assert predicted < 0.05

    def test_nothing_varies(self):
        assert surrogate(np.ones((50, 2)), np.ones(50)) == (pytest.approx([0.0, 0.0]), 0.0)
        assert variance_share(np.ones((2, 50)), np.ones(50)).tolist() == [0.0, 0.0]

    def test_bits_and_gain_are_never_negative(self):
        rng = np.random.default_rng(10)
        fitted = basis_of(100).fitted(rng.dirichlet([0.2, 0.3, 0.5], 100), shuffles(100, seed=1))
        assert (bits(fitted) >= 0).all()
        assert (gain(fitted) >= 0).all()


class TestKnowing:
    def test_the_only_uncertain_number_is_worth_all_there_is(self):
        network = uncertain(pvs_pattern=2.0)
        evidence = encode(network, {"pvs_pattern": "present", "optic_neuritis": "unilateral"})
        found = value_of_knowing(network, evidence)
        index = found.numbers.of.index(Number("pvs_pattern", "present", "nmosd"))
        assert found.order[0] == index
        # A cubic stands for a smooth, saturating curve: a few per cent are lost.
        assert found.gain[index] == pytest.approx(found.most, rel=0.05)
        assert found.share[index] > 0.97
        assert found.most > 0.01
        others = np.arange(len(found.numbers)) != index
        assert (found.bits[others] == 0).all()
        assert (found.share[others] == 0).all()
        assert found.joint_share[index] > 0.9

    def test_what_was_not_found_is_indirect(self):
        network = uncertain(pvs_pattern=1.0, fever=1.0)
        evidence = encode(network, {"pvs_pattern": "present"})
        found = value_of_knowing(network, evidence)
        seen, unseen = (
            found.numbers.of.index(Number(f, "present", "nmosd")) for f in ("pvs_pattern", "fever")
        )
        assert found.direct[seen]
        assert not found.direct[unseen]
        assert found.bits[seen] > found.noise[0]
        assert found.bits[unseen] < 3 * found.noise[0]
        assert found.joint_share[unseen] == 0

    def test_a_decision_may_be_named(self):
        network = uncertain(pvs_pattern=2.0)
        evidence = encode(network, {"pvs_pattern": "present", "optic_neuritis": "unilateral"})
        certain = Decision(("a", "b"), {"default": (1.0, 0.0)})
        assert value_of_knowing(network, evidence, decision=certain).gain.max() < 1e-12
        treat = Decision(("treat", "wait"), {"nmosd": (1.0, 0.0), "default": (-0.5, 0.0)}, "points")
        found = value_of_knowing(network, evidence, decision=treat)
        assert found.unit == "points"
        assert 0 < found.gain.max() <= found.most * 1.05

    def test_to_name_the_right_row_is_the_decision_if_none_is_named(self):
        network = uncertain(pvs_pattern=2.0, fever=1.0)
        evidence = encode(network, {"pvs_pattern": "present", "optic_neuritis": "unilateral"})
        rows = hierarchy(network.knowledge, "row").names
        naming = Decision(rows, {row: tuple(float(row == name) for name in rows) for row in rows})
        unnamed, named = (value_of_knowing(network, evidence, decision=d) for d in (None, naming))
        assert unnamed.gain.max() > 0
        np.testing.assert_allclose(unnamed.gain, named.gain, atol=1e-12)
        np.testing.assert_allclose(unnamed.noise, named.noise, atol=1e-12)

    def test_table_and_text(self):
        network = uncertain(pvs_pattern=1.0)
        found = value_of_knowing(network, encode(network, {"pvs_pattern": "present"}))
        frame = found.to_frame()
        assert len(frame) == len(found.numbers)
        assert not frame.isna().any().any()
        assert frame.number[0] == "pvs_pattern=present | diagnosis=nmosd"
        assert frame.facts[0] == "001-0002"
        assert frame.low[0] < frame["median"][0] < frame.high[0]
        text = found.summary(top=3)
        assert "001-0002" in text
        assert "cannot be told from chance" in text
        assert next(iter(found.by_finding())) == "pvs_pattern"

    def test_few_draws_are_refused(self):
        network = small_network()
        with pytest.raises(EvidenceError, match="5 draws; at least 30 are needed"):
            value_of_knowing(network, encode(network, {"sex": "male"}))


class TestNumbers:
    def test_a_number_that_judgement_alone_gives_is_called_so(self):
        """The shipped network: judged and without any fact, or with facts and not called judgement."""
        network = load_network().thinned(4)
        tables, numbers = network.knowledge, numbers_of(network)
        said = {(f.finding, f.diagnosis) for f in tables.facts.values()}
        n_judged = 0
        for i, number in enumerate(numbers.of):
            facts = numbers.facts(network, i)
            if number.node in tables.of_role("finding") and number.leaf:
                has_fact = bool({(number.node, number.leaf), (number.node, tables.row(number.leaf))} & said)
                judged = is_judged(tables, number.node, number.leaf)
                assert (facts == (JUDGED,)) == (judged and not has_fact)
                n_judged += facts == (JUDGED,)
        assert n_judged > 100

    def test_frequencies_are_those_of_the_tables(self):
        network = small_network()
        numbers = numbers_of(network)
        leaf = network.states["diagnosis"].index("nmosd")
        p = network.tables["optic_neuritis"][:, leaf, 2]
        column = numbers.draws[:, numbers.of.index(Number("optic_neuritis", "bilateral", "nmosd"))]
        np.testing.assert_allclose(column, np.log(p / (1 - p)), rtol=1e-10)

    def test_prior_roots_and_axes_have_numbers(self):
        network = small_network()
        numbers = numbers_of(network)
        p = 1 / (1 + np.exp(-numbers.draws.T))
        found = dict(zip(numbers.of, p, strict=True))
        prior = posterior(network, encode(network, {})).probabilities[:, 0]
        for leaf, expected in zip(network.knowledge.leaves, prior.T, strict=True):
            np.testing.assert_allclose(found[Number("diagnosis", leaf, leaf)], expected, rtol=1e-10)
        np.testing.assert_allclose(found[Number("region", "south", "")], network.tables["region"][:, 1])
        assert {n.leaf for n in numbers.of if n.node == "ms_variant"} == {"multiple_sclerosis"}

    def test_the_answer_rests_on_what_was_found_and_its_unseen_causes(self):
        network = small_network()
        numbers = numbers_of(network)
        evidence = encode(network, {"central_vein_sign": "present", "optic_neuritis": "bilateral"})
        direct = {n for n, d in zip(numbers.of, is_direct(network, evidence, numbers), strict=True) if d}
        assert Number("optic_neuritis", "bilateral", "nmosd") in direct
        assert Number("optic_neuritis", "unilateral", "nmosd") not in direct
        assert Number("brain_mri_field_strength", "7T", "") in direct
        assert Number("fever", "present", "nmosd") not in direct

    def test_odds_ratios_of_mechanisms_are_those_that_were_drawn(self):
        network = load_network()
        parameters = load_parameters(network.knowledge)
        numbers = numbers_of(network)
        mechanisms = [i for i, number in enumerate(numbers.of) if number.state == ODDS_RATIO]
        assert len(mechanisms) == len(parameters.odds_ratios)
        for i in mechanisms:
            drawn = np.log(parameters.odds_ratios[numbers.of[i].node].astype(float))
            np.testing.assert_allclose(numbers.draws[:, i], drawn, atol=1e-8)


class TestSwitches:
    @pytest.fixture(scope="class")
    @staticmethod
    def network():
        return load_network()

    @pytest.fixture(scope="class")
    @staticmethod
    def evidence(network):
        findings = {"pvs_pattern": "present", "enhancement_pattern": "miliary", "headache": "present"}
        return encode(network, findings)

    @pytest.fixture(scope="class")
    @staticmethod
    def found(network, evidence):
        return switches(network, evidence, n_draws=20)

    def test_the_first_position_is_the_network_itself(self, found):
        assert found.positions[0] == Position("documents", "literature", mechanisms=True, other=True)
        assert len(set(found.positions)) == len(found.positions)
        assert len(found.positions) % 4 == 0

    def test_parts_are_told_as_they_come_and_say_what_the_whole_says(self, network, evidence):
        parts = []
        found = switches(network, evidence, n_draws=5, each=parts.append)
        assert len(parts) == len(found.positions)
        for n, part in enumerate(parts, start=1):
            assert part.positions == found.positions[:n]
            np.testing.assert_array_equal(part.probabilities, found.probabilities[:n])
            assert set(part.flips()) <= set(found.flips())

    def test_each_position_is_the_answer_of_that_network(self, network, evidence, found):
        parameters = thinned(load_parameters(network.knowledge), 20)
        for setting, mechanisms in (("flat", True), ("documents", False)):
            built = build_network(network.knowledge, parameters, setting=setting, mechanisms=mechanisms)
            i = found.positions.index(Position(setting, "literature", mechanisms, other=True))
            np.testing.assert_allclose(
                found.probabilities[i], posterior(built, evidence).mean_by("row"), rtol=1e-10
            )

    def test_by_default_every_setting_has_the_answer_that_it_has_elsewhere(self, network, evidence):
        found = switches(network, evidence, mappings=("literature",))
        for setting in ("documents", "flat"):
            i = found.positions.index(Position(setting, "literature", mechanisms=True, other=True))
            expected = posterior(load_network(setting=setting), evidence).mean_by("row")
            np.testing.assert_allclose(found.probabilities[i], expected, rtol=1e-10)

    def test_a_network_at_mean_parameters_is_compared_there(self, network, evidence):
        found = switches(network.at_mean(), evidence, mappings=("literature",))
        expected = posterior(network.at_mean(), evidence).mean_by("row")
        np.testing.assert_allclose(found.probabilities[0], expected, rtol=1e-10)
        assert set(found.n_draws) == {1}

    def test_without_other_it_is_impossible_and_the_rest_keeps_its_odds_in_each_draw(self, found):
        i = found.positions.index(Position("documents", "literature", mechanisms=True, other=False))
        last = found.rows.names.index("other")
        assert found.probabilities[0, 0, last] > 0
        assert found.probabilities[i, 0, last] == 0
        np.testing.assert_allclose(found.probabilities[i].sum(axis=1), 1.0, rtol=1e-12)

    def test_words_and_symbols_are_two_switches(self):
        """Other readings of words and symbols are stored for the layer that rests on them alone."""
        printed = load_network(knowledge="documents")
        found = switches(printed, encode(printed, {"enhancement_pattern": "miliary"}), n_draws=10)
        base = found.positions[0]
        assert replace(base, mapping="hpo") in found.positions
        both = replace(base, mapping="hpo+symbols_as_words")
        assert both.moved(base) == ("words hpo", "symbols as words")
        assert base.moved(both) == ("words literature", "symbols as steps")
        assert len({position.mapping for position in found.positions}) == 3

    def test_flips_are_smallest_combinations(self, found):
        leads = found.probabilities[:, 0].argmax(axis=-1)
        moved = [set(position.moved(found.positions[0])) for position in found.positions]
        flips = [set(flip) for flip in found.flips()]
        for lead, switched in zip(leads, moved, strict=True):
            if lead != leads[0]:
                assert any(flip <= switched for flip in flips)
        assert not any(a < b for a in flips for b in flips)

    def test_table_and_text(self, found):
        frame = found.to_frame()
        assert len(frame) == len(found.positions)
        assert not frame.flips[0]
        assert frame.n_moved[0] == 0
        assert "as it is" in found.summary()

    def test_custom_weights_cannot_be_switched(self, network, evidence):
        with pytest.raises(EvidenceError, match="its weights are not stored"):
            switches(replace(network, setting="custom"), evidence)
