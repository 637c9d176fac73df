"""What is clear is accepted; what is shown is short; draws come with their names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from model import encode, explain, posterior, sensitivity, two_way, value_of_information
from model.cli import main
from model.errors import EvidenceError
from model.robustness.number import numbers_of
from tests.support.small_network import N_DRAWS, small_network

PATIENT = {"fever": "present", "sex": "male"}
NETWORK = small_network()


def test_questions_take_findings_as_they_are() -> None:
    for ask in (posterior, value_of_information, explain, sensitivity):
        one, other = ask(NETWORK, PATIENT), ask(NETWORK, encode(NETWORK, PATIENT))
        assert one.summary() == other.summary(), ask


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


def test_arviz_reads_the_draws() -> None:
    import arviz as az

    told = az.summary(posterior(NETWORK, encode(NETWORK, PATIENT)).to_xarray(), kind="stats")
    assert any("nmosd" in str(name) for name in told.index)


def test_a_run_that_cannot_reach_its_gate_is_refused_before_it_begins(capsys) -> None:
    assert main(["elicit", "--chains", "2", "--draws", "100"]) == 2
    assert "their effective size must be above 400" in capsys.readouterr().err
