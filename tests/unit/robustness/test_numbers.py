"""Sensitivity by number of the literature: every answer is that of a network in which the number is another one."""

from __future__ import annotations

import numpy as np
import pytest

from model import encode, load_network, posterior
from model.errors import EvidenceError, MilletError, UnknownNameError
from model.network.network import Network
from model.patient.evidence import Evidence
from model.robustness.inverse import smallest_changes
from model.robustness.one_way import sensitivity
from model.robustness.results import Sensitivity
from model.robustness.surface import two_way
from model.robustness.units import parameters_of
from tests.support.small_network import small_network

FINDINGS = {
    "small": {"optic_neuritis": "bilateral", "central_vein_sign": "present", "age_years": 30},
    "random": {"optic_neuritis": "unilateral|bilateral", "pvs_pattern": "present", "sex": "male"},
    "random, another": {"fever": "present", "central_vein_sign": "present", "age_years": 61},
    "random, a third": {"pvs_pattern": "present", "optic_neuritis": "bilateral|unilateral"},
    "shipped": {
        "age_years": 53,
        "sex": "female",
        "enhancement_pattern": "miliary",
        "pvs_pattern": "present",
        "localisation": "supratentorial",
        "optic_neuritis": "unilateral",
    },
}


def randomised(seed: int = 3) -> Network:
    """The small network with random rows; zeros of its structure stay."""
    rng, plain = np.random.default_rng(seed), small_network()
    tables = {}
    for name, table in plain.tables.items():
        rows = rng.gamma(0.7, size=table.shape) * (table > 0) * (table < 1) + (table == 1)
        rows = np.where(rows.sum(axis=-1, keepdims=True) > 0, rows + 1e-3 * (table > 0), table)
        tables[name] = rows / rows.sum(axis=-1, keepdims=True)
    return plain.with_tables(tables)


NETWORKS = {
    "small": small_network,
    "random": randomised,
    "random, another": lambda: randomised(7),
    "random, a third": lambda: randomised(5),
    "shipped": lambda: load_network().thinned(20),
}


@pytest.fixture(scope="module", params=list(FINDINGS))
def asked(request) -> tuple[Network, Evidence, Sensitivity]:
    name = request.param
    network = NETWORKS[name]()
    evidence = encode(network, FINDINGS[name])
    return network, evidence, sensitivity(network, evidence)


def telling(found: Sensitivity, n: int = 12) -> list[int]:
    """Numbers with the steepest effect, and as many that are no straight lines."""
    steep = np.argsort(-np.abs(found.derivative[0]))[:n]
    assert found.curves is not None
    curved = sorted(found.curves.number, key=lambda i: -abs(found.derivative[0, i]))[:n]
    assert len(curved) > 3
    return [int(i) for i in dict.fromkeys([*steep, *curved])]


class TestOneNumber:
    def test_every_value_gives_what_asking_again_gives(self, asked) -> None:
        _, evidence, found = asked
        for i in telling(found):
            values = np.array([0.02, 0.4, 0.93, found.parameters.low[i], found.parameters.value[i]])
            again = [
                posterior(found.parameters.with_value(i, float(v)), evidence).mean_by("row")[0]
                for v in values
            ]
            np.testing.assert_allclose(
                found.along(i, values), again, rtol=0, atol=1e-10, err_msg=found.parameters.name(i)
            )
            np.testing.assert_allclose(
                found.at(np.full(len(found.parameters), 0.4))[0, i],
                again[1][found.target[0]],
                rtol=0,
                atol=1e-10,
            )

    def test_derivatives_are_those_of_the_curve(self, asked) -> None:
        _, _, found = asked
        for i in telling(found):
            value, step = found.parameters.value[i], 1e-6
            ends = found.along(i, np.array([value - step, value + step]))[:, found.target[0]]
            assert (ends[1] - ends[0]) / (2 * step) == pytest.approx(
                found.derivative[0, i], rel=1e-4, abs=1e-8
            )

    def test_the_leader_changes_at_the_ends_of_the_admissible_interval_and_not_inside(self, asked) -> None:
        _, _, found = asked
        ends, met = found.admissible[0], 0
        for i in telling(found):
            inside = np.linspace(*ends[i], 9)[1:-1]
            assert (found.along(i, inside).argmax(axis=1) == found.leader[0]).all(), found.parameters.name(i)
            for side, beyond in ((0, -1e-7), (1, 1e-7)):
                rival = found.next_leader[0, i, side]
                if rival >= 0:
                    [outside] = found.along(i, np.array([ends[i, side] + beyond]))
                    assert outside.argmax() == rival
                    met += 1
        assert met > 3

    def test_a_number_whose_rows_are_equal_is_a_straight_line_as_its_row_is(self) -> None:
        network = small_network()
        evidence = encode(network, {"fever": "present"})
        one, row = (sensitivity(network, evidence, unit=unit) for unit in ("number", "row"))
        i = one.parameters.position("fever=present | diagnosis=nmosd")
        k = row.parameters.position("fever=present | diagnosis=nmosd")
        assert one.function(i)(0.7) == pytest.approx(row.function(k)(0.7), rel=1e-12)
        assert one.derivative[0, i] == pytest.approx(row.derivative[0, k], rel=1e-12)
        np.testing.assert_allclose(one.admissible[0, i], row.admissible[0, k], rtol=1e-12)

    def test_several_patients_are_answered_as_each_alone(self) -> None:
        network = randomised()
        both = sensitivity(network, encode(network, [FINDINGS["random"], {"central_vein_sign": "present"}]))
        for i in range(2):
            cases = [FINDINGS["random"], {"central_vein_sign": "present"}]
            alone = sensitivity(network, encode(network, cases[i]))
            chosen = both.select(i)
            values = both.parameters.high
            np.testing.assert_allclose(chosen.at(values), alone.at(values), rtol=0, atol=1e-10)
            np.testing.assert_allclose(chosen.admissible, alone.admissible, rtol=0, atol=1e-10)

    def test_the_table_has_the_number_and_no_columns_of_rows(self) -> None:
        frame = sensitivity(small_network(), encode(small_network(), {"fever": "present"})).to_frame(top=5)
        assert not {"a", "b", "c", "d", "bound"} & set(frame.columns)
        assert frame.notna().all().all()


class TestInverseAndTwo:
    def test_the_smallest_change_just_meets_the_constraint(self, asked) -> None:
        network, evidence, found = asked
        names = found.classes.names
        second = names[int(np.argsort(-found.headline[0])[1])]
        goal = f"{names[int(found.headline[0].argmax())]} - {second} <= -0.02"
        changes = smallest_changes(network, evidence, goal, parameters=found.parameters)
        assert changes.parameters
        for change in changes.parameters[:8]:
            p = posterior(found.parameters.with_value(change.index, change.needed), evidence).mean_by("row")[
                0
            ]
            first, other = int(found.headline[0].argmax()), names.index(second)
            assert p[first] - p[other] == pytest.approx(-0.02, abs=1e-9), change.what
        odds = [change.log_odds for change in changes.parameters]
        assert odds == sorted(odds)

    def test_two_numbers_give_what_asking_again_gives(self, asked) -> None:
        _, evidence, found = asked
        numbers = found.parameters
        steep = telling(found)
        node, leaf = (getattr(numbers.numbers.of[steep[-1]], part) for part in ("node", "leaf"))
        mates = [i for i, one in enumerate(numbers.numbers.of) if (one.node, one.leaf) == (node, leaf)]
        for first, second in [(steep[0], steep[-1]), tuple((mates * 2)[:2]), (steep[1], steep[2])]:
            if first == second:
                continue
            surface = two_way(numbers, evidence, first, numbers.name(second), n=3)
            for i, k in np.argwhere(surface.inside):
                pair = {first: float(surface.values[0, i]), second: float(surface.values[1, k])}
                again = posterior(numbers.with_values(pair), evidence).mean_by("row")[0]
                np.testing.assert_allclose(surface.probabilities[i, k], again, rtol=0, atol=1e-10)


REFUSED = {
    "curved": (lambda s: s.function(int(s.curves.number[0])), EvidenceError, "call along"),
    "outside": (lambda s: s.along(0, np.array([1.5])), EvidenceError, "0 to 1"),
    "nan": (lambda s: s.parameters.with_value(0, float("nan")), EvidenceError, "between 0 and 1"),
    "name": (lambda s: s.along("fever=present | diagnosis=nmsd", [0.5]), UnknownNameError, "diagnosis=nmosd"),
    "place": (lambda s: s.along(10**6, [0.5]), EvidenceError, "choose one"),
    "unit": (lambda _: parameters_of(small_network(), unit="rows"), EvidenceError, "number and row"),
    "row nan": (
        lambda _: parameters_of(small_network(), unit="row").with_value(0, float("nan")),
        EvidenceError,
        "0 to 1",
    ),
}


def test_what_cannot_be_answered_is_refused_in_one_line() -> None:
    found = sensitivity(small_network(), encode(small_network(), FINDINGS["small"]))
    wrong = []
    for name, (ask, kind, text) in REFUSED.items():
        try:
            ask(found)
        except MilletError as error:
            if not isinstance(error, kind) or text not in str(error) or "\n" in str(error):
                wrong.append(f"{name}: {error}")
        else:
            wrong.append(f"{name}: accepted")
    assert not wrong, "\n".join(wrong)


class TestMoved:
    """A number another one on average, and as uncertain as it is."""

    def test_with_the_mean_that_it_has_the_network_is_the_same(self, asked):
        network, evidence, one = asked
        found = one.parameters
        for i in (0, len(found) // 2, len(found) - 1):
            moved = found.numbers.moved(i, found.numbers.mean(i))
            other = network.with_probabilities({found.name(i): moved})
            assert posterior(other, evidence).mean_by("row") == pytest.approx(
                posterior(network, evidence).mean_by("row"), abs=1e-9
            )

    @pytest.mark.parametrize("mean", [0.001, 0.15, 0.5, 0.999])
    def test_it_has_the_mean_that_was_asked_for_and_keeps_its_spread_in_log_odds(self, asked, mean):
        numbers = asked[2].parameters.numbers
        for i in (0, len(numbers) - 1):
            moved = numbers.moved(i, mean)
            assert moved.mean() == pytest.approx(mean, abs=1e-10)
            shift = np.log(moved) - np.log1p(-moved) - numbers.draws[:, i]
            assert np.ptp(shift) < 1e-6

    @pytest.mark.parametrize("mean", [0.0, 1.0, -0.1])
    def test_what_is_no_probability_is_refused(self, asked, mean):
        with pytest.raises(EvidenceError, match="allowed is between 0 and 1"):
            asked[2].parameters.numbers.moved(0, mean)
