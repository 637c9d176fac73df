"""What the lead relies on: leaving each finding out, by hand and by `reliance`; what decides without a source."""

import warnings

import numpy as np
import pytest

from app_pages.shared.examples import findings, published
from model import encode, load_knowledge_base, load_network, posterior
from model.errors import MilletError
from model.network.beliefs import GROUND, bases
from model.why.reliance import WITHOUT_SOURCE, reliance

NETWORK = load_network()
CASES = {name: findings(NETWORK, case) for name, case in list(published().items())[:12]}


def odds(network, given, row):
    """log10 odds of a table row, straight from the posterior."""
    p = posterior(network, encode(network, given)).mean_by("row")[0]
    i = network.knowledge.rows.index(row)
    return np.log10(p[i] / np.delete(p, i).sum())


def leader(given):
    return posterior(NETWORK, encode(NETWORK, given)).leader()


def test_shares_and_decisive_findings_are_those_of_leaving_each_finding_out():
    said = bases(NETWORK.knowledge, NETWORK.knowledge.variables)
    wrong = {}
    for name, given in CASES.items():
        found = reliance(NETWORK, encode(NETWORK, given))
        assert found.leader == leader(given), name
        lost, decisive, counts = {}, {}, {}
        for finding in given:
            if NETWORK.knowledge.variables[finding].role != "finding":
                continue
            rest = {key: value for key, value in given.items() if key != finding}
            ground = GROUND[said.get((finding, found.leader), "nothing")]
            change = abs(odds(NETWORK, given, found.leader) - odds(NETWORK, rest, found.leader))
            lost[ground] = lost.get(ground, 0) + change
            counts[ground] = counts.get(ground, 0) + 1
            if (then := leader(rest)) != found.leader:
                decisive[finding] = then
        shares = {ground: value / sum(lost.values()) for ground, value in lost.items()}
        same = all(abs(found.shares[ground] - share) < 1e-9 for ground, share in shares.items())
        assert {ground: n for ground, n in found.findings.items() if n} == counts, name
        if not same or decisive != found.decisive or abs(sum(found.shares.values()) - 1) > 1e-12:
            wrong[name] = (shares, found.shares, decisive, found.decisive)
    assert wrong == {}


def test_what_decides_without_a_source_is_told_with_the_row_of_which_that_holds():
    said = bases(NETWORK.knowledge, NETWORK.knowledge.variables)
    seen = 0
    for given in CASES.values():
        found = reliance(NETWORK, encode(NETWORK, given))
        for finding, then in found.decisive.items():
            bare = [
                row
                for row in (found.leader, then)
                if GROUND[said.get((finding, row), "nothing")] in WITHOUT_SOURCE
            ]
            assert found.unsourced.get(finding) == (bare[0] if bare else None)
            seen += bool(bare)
        assert set(found.unsourced) <= set(found.decisive)
    assert seen > 0


def test_the_documents_alone_know_no_judgement():
    network = load_network(knowledge="documents")
    found = reliance(network, encode(network, CASES["H001"]))
    assert found.shares["judgement"] == 0
    assert found.shares["cohorts"] == 0


def test_a_lead_that_is_certain_relies_on_no_finding_and_gives_no_nan():
    with warnings.catch_warnings(action="error"):
        found = reliance(NETWORK, encode(NETWORK, {"ms_course": "relapsing_remitting", "fever": "present"}))
    assert (found.leader, found.shares) == ("multiple_sclerosis", {})


def test_nothing_known_relies_on_nothing():
    found = reliance(NETWORK, encode(NETWORK, {}))
    assert (dict(found.shares), found.decisive, found.unsourced) == ({}, {}, {})


def test_many_findings_are_answered_with_fewer_draws():
    tables = load_knowledge_base()
    many = {
        name: v.state_ids[0]
        for name, v in tables.of_role("finding").items()
        if v.order in ("examination", "lumbar_puncture")
    }
    found = reliance(NETWORK, encode(NETWORK, many))
    assert abs(sum(found.shares.values()) - 1) < 1e-12


def test_one_patient_is_asked_about():
    with pytest.raises(MilletError):
        reliance(NETWORK, encode(NETWORK, [{"findings": {}}, {"findings": {}}]))
