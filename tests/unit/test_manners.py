"""What is clear is accepted; what is shown is short; draws come with their names."""

from __future__ import annotations

from inspect import isfunction, signature

import numpy as np
import pandas as pd
import pytest

import model
from model import encode, load_knowledge_base, load_network, posterior, two_way
from model.cli import main
from model.errors import EvidenceError
from model.robustness.number import numbers_of
from priors.schema import KnowledgeError
from tests.support.small_network import N_DRAWS, small_network

PATIENT = {"fever": "present", "sex": "male"}
NETWORK = small_network()


# Public question -> what it needs besides the patient.
QUESTIONS = {
    "posterior": {},
    "value_of_information": {},
    "information_of_orders": {},
    "plan_orders": {"budget": 2},
    "same_decision": {},
    "biopsy_avoidance": {},
    "explain": {"n_simulated": 20},
    "most_probable_explanation": {},
    "sensitivity": {},
    "smallest_changes": {"constraint": "nmosd >= 0.5"},
    "two_way": {"first": 0, "second": 5, "n": 3},
    "prior_sweep": {"diagnosis": "nmosd"},
    "value_of_knowing": {},
    "rank_drivers": {"top": 1, "n_samples": 32},
    "switches": {"mappings": ["literature"], "n_draws": 2},
}


def test_every_question_takes_findings_as_they_are() -> None:
    asking = {name for name in model.__all__ if "evidence" in parameters_named(getattr(model, name))}
    assert asking == set(QUESTIONS)
    shipped, unlike = load_network().thinned(60), []
    for name, how in QUESTIONS.items():
        ask = getattr(model, name)
        if ask(shipped, PATIENT, **how).summary() != ask(shipped, encode(shipped, PATIENT), **how).summary():
            unlike.append(name)
    assert unlike == []


def parameters_named(thing: object) -> set[str]:
    return set(signature(thing).parameters) if isfunction(thing) else set()


def test_a_line_of_a_table_is_a_patient() -> None:
    line = pd.Series({"fever": "present", "age_years": np.nan})
    assert posterior(NETWORK, line).n_findings == (1,)


def test_what_cannot_be_meant_is_refused_in_one_line() -> None:
    answer = posterior(NETWORK, PATIENT)
    for wrong in (lambda: NETWORK.thinned(0), lambda: answer.summary(5)):
        with pytest.raises(EvidenceError) as error:
            wrong()
        assert "\n" not in str(error.value)


def test_a_folder_may_be_a_text(tmp_path) -> None:
    for load in (load_knowledge_base, lambda folder: load_network(folder=folder)):
        with pytest.raises(KnowledgeError, match="the file is missing"):
            load(str(tmp_path))


def test_a_table_of_patients_is_encoded_line_by_line() -> None:
    table = pd.DataFrame({"id": ["A", "B"], "fever": ["present", None], "age_years": [30.0, np.nan]})
    found = encode(NETWORK, table)
    assert found.ids == ("A", "B")
    assert found.n_observed.tolist() == [2, 0]
    same = encode(NETWORK, [{"fever": "present", "age_years": 30.0}, {}])
    np.testing.assert_array_equal(found.likelihoods["age_years"], same.likelihoods["age_years"])
    named = table.drop(columns="id").set_axis(["X", "Y"])
    assert encode(NETWORK, named).ids == ("X", "Y")


@pytest.mark.parametrize("wrong", ["fever", 3, None])
def test_what_is_no_patient_is_refused_in_one_line(wrong) -> None:
    with pytest.raises(EvidenceError, match="give one of them") as error:
        posterior(NETWORK, wrong)
    assert "\n" not in str(error.value)


def test_two_way_takes_names_and_a_network() -> None:
    names = ("fever=present | diagnosis=nmosd", "fever=present | diagnosis=susac_syndrome")
    found = two_way(NETWORK, encode(NETWORK, PATIENT), *names, n=3)
    assert (found.first, found.second) == names


def test_a_network_alone_in_a_cell_is_a_line() -> None:
    assert len(repr(NETWORK)) < 200
    assert len(NETWORK._repr_html_()) < 300
    changed = NETWORK.with_probabilities({"fever=present | diagnosis=nmosd": 0.2})
    assert "fever=present | diagnosis=nmosd: 0.2" in repr(changed)


def test_draws_come_as_a_table_and_as_xarray() -> None:
    answer = posterior(NETWORK, encode(NETWORK, [PATIENT, {}]))
    frame, data = answer.to_frame(draws=True), answer.to_xarray()
    assert len(frame) == N_DRAWS * 2 * len(answer.names())
    assert data.probability.dims == ("chain", "draw", "case", "diagnosis")
    np.testing.assert_array_equal(data.probability.values.ravel(), frame.probability)
    line = frame[(frame.draw == 3) & (frame.case == answer.ids[1]) & (frame.diagnosis == "nmosd")]
    picked = data.probability.sel(draw=3, case=answer.ids[1], diagnosis="nmosd")
    assert line.probability.item() == picked.item()
    numbers = numbers_of(NETWORK)
    table, named = numbers.to_frame(), numbers.to_xarray()
    assert table.shape == numbers.draws.shape
    np.testing.assert_array_equal(named.value.values[0], table.to_numpy())
    assert ((table > 0) & (table < 1)).all().all()


def test_arviz_reads_and_draws_the_draws(monkeypatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    import arviz as az
    from matplotlib import pyplot as plt

    answer, numbers = (
        posterior(NETWORK, encode(NETWORK, PATIENT)).to_xarray(),
        numbers_of(NETWORK).to_xarray(),
    )
    told = az.summary(answer, kind="stats")
    assert any("nmosd" in str(name) for name in told.index)
    for data, axis in ((answer, "diagnosis"), (numbers, "number")):
        for plot in (az.plot_forest, az.plot_pair):
            assert plot(data, coords={axis: data[axis].values[:2].tolist()}) is not None
    plt.close("all")


def test_a_run_that_cannot_reach_its_gate_is_refused_before_it_begins(capsys) -> None:
    assert main(["elicit", "--chains", "2", "--draws", "100"]) == 2
    assert "their effective size must be above 400" in capsys.readouterr().err
