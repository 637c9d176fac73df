"""What each patient is good for: ranks by hand, wishes that narrow, the same seed the same patient."""

from pathlib import Path

import numpy as np
import pytest

import priors
from model import Case, encode, load_network, posterior, read_cases
from model.errors import EvidenceError
from model.teaching.roster import DIFFICULTIES, TIMES, Teachable, drawn, fit_for, roster

NETWORK = load_network()
CASES = read_cases(Path(priors.__file__).with_name("cases") / "published.json")
PATIENTS = roster(NETWORK, CASES)


def made(name, **changes):
    usual = {
        "row": "nmosd",
        "topic": "demyelinating",
        "before": 0.3,
        "end": 0.6,
        "rank_before": 2,
        "rank_end": 1,
        "leader": "nmosd",
        "tips_at": 2.0,
    }
    return Teachable(Case(name, truth="nmosd"), **usual | changes)


def test_every_patient_with_a_known_diagnosis_is_there_and_no_other():
    assert [one.case.id for one in PATIENTS] == [case.id for case in CASES if case.truth]
    assert roster(NETWORK, [Case("X", {"fever": "present"}), CASES[0]])[0].case.id == CASES[0].id


def test_the_figures_are_those_of_the_model_before_the_proof_and_in_the_end():
    for one in PATIENTS[:6]:
        place = NETWORK.knowledge.rows.index(NETWORK.knowledge.row(one.case.truth))
        for case, p, rank in (
            (one.case, one.end, one.rank_end),
            (one.case.without_confirmatory(), one.before, one.rank_before),
        ):
            rows = posterior(NETWORK, encode(NETWORK, [case])).mean_by("row")[0]
            assert p == pytest.approx(rows[place], rel=1e-10)
            assert rank == 1 + (rows > rows[place]).sum()
        assert (one.leader == one.row) == one.is_right


def test_a_patient_tips_where_the_second_diagnosis_is_as_many_times_as_common():
    mean = NETWORK.at_mean()
    one = min(PATIENTS, key=lambda patient: patient.tips_at)
    rows = posterior(mean, encode(mean, [one.case])).mean_by("row")[0].copy()
    first, second = np.argsort(-rows)[:2]
    rows[second] *= one.tips_at
    assert rows[second] == pytest.approx(rows[first], rel=1e-10)
    assert one.tips_at >= 1


@pytest.mark.parametrize(("rank", "word"), [(1, "easy"), (2, "middle"), (3, "middle"), (4, "hard")])
def test_difficulty_goes_by_the_rank_before_the_proof(rank, word):
    assert made("A", rank_before=rank, rank_end=9).difficulty == word


def test_what_can_be_shown_follows_from_the_figures():
    assert made("A").uses == {"base_rates", "decisive"}
    assert made("A", tips_at=TIMES + 1, rank_before=1).uses == set()
    assert made("A", rank_end=2, tips_at=TIMES + 1).uses == {"wrong"}


def test_only_who_fits_is_drawn_and_the_same_number_gives_the_same_patient():
    for seed in range(30):
        one = drawn(PATIENTS, seed=seed, difficulties=("hard",), topics=("infectious",), is_right=False)
        assert (one.difficulty, one.topic, one.is_right) == ("hard", "infectious", False)
        assert drawn(PATIENTS, seed=seed).case == drawn(PATIENTS, seed=seed).case
    assert len({drawn(PATIENTS, seed=seed).case.id for seed in range(60)}) > 10
    assert {drawn(PATIENTS, seed=n, difficulties=DIFFICULTIES[:1]).difficulty for n in range(9)} == {"easy"}


def test_wishes_that_nobody_fits_end_in_one_line():
    with pytest.raises(EvidenceError, match="none of 1 patients fits"):
        drawn([made("A")], seed=1, topics=("infectious",))


def test_those_who_are_wanted_come_first_and_others_fill_the_gap():
    patients = [made("A"), made("B", rank_before=1), made("C"), made("D")]
    assert [one.case.id for one in fit_for("decisive", ["D", "B"], patients, 2)] == ["D", "A"]
    assert fit_for("wrong", ["A"], patients, 2) == []
