"""Diagnoses, findings, states, orders, links and exclusions fit together."""

import re

from priors import load_knowledge_base

KNOWLEDGE = load_knowledge_base()
VARIABLES = KNOWLEDGE.variables
FINDINGS = KNOWLEDGE.of_role("finding")
IDENTIFIER = re.compile(r"[a-z0-9][A-Za-z0-9_.]*", re.ASCII)  # the dot is for 1.5T


def test_there_are_22_leaves_in_19_rows():
    assert (len(KNOWLEDGE.leaves), len(KNOWLEDGE.rows)) == (22, 19)
    assert set(KNOWLEDGE.members("cns_lymphoma")) == {
        *("primary_cns_lymphoma", "secondary_cns_lymphoma", "lymphomatoid_granulomatosis")
    }
    assert set(KNOWLEDGE.members("cns_vasculitis")) == {"pacns", "gvhd_cns_vasculitis"}


def test_identifiers_are_plain_ascii():
    """Other programs read them from files that know nothing else."""
    names = [*KNOWLEDGE.diagnoses, *VARIABLES, *(state for v in VARIABLES.values() for state in v.state_ids)]
    assert [name for name in names if not IDENTIFIER.fullmatch(name)] == []


def test_everything_has_a_label_of_its_own():
    labels = [variable.label for variable in VARIABLES.values()]
    assert len(labels) == len(set(labels))
    assert [v.id for v in VARIABLES.values() if not v.label or any(not s.label for s in v.states)] == []


def test_every_variable_has_at_least_two_states():
    assert [v.id for v in VARIABLES.values() if len(set(v.state_ids)) < 2 or len(v.state_ids) > 16] == []


def test_a_binary_finding_has_its_absence_first():
    first = {v.states[0].id for v in VARIABLES.values() if v.kind == "binary"}
    assert first == {"absent", "negative"}
    assert [v.id for v in VARIABLES.values() if v.kind == "binary" and not v.states[0].is_reference] == []


def test_a_variable_has_at_most_one_reference_state():
    assert [v.id for v in VARIABLES.values() if sum(state.is_reference for state in v.states) > 1] == []


def test_ages_cover_a_life_without_gaps():
    bins = [tuple(map(int, state.split("_")[1:])) for state in VARIABLES["age_years"].state_ids]
    assert bins[0][0] == 0
    assert bins[-1][1] > 120
    assert [high for _, high in bins[:-1]] == [low for low, _ in bins[1:]]


def test_every_finding_is_obtained_by_an_order():
    assert [v.id for v in FINDINGS.values() if v.order not in KNOWLEDGE.orders] == []


def test_every_order_says_what_it_costs_and_where_that_comes_from():
    orders = KNOWLEDGE.orders.values()
    assert [o.id for o in orders if min(o.cost, o.delay_days, o.invasiveness) < 0] == []
    assert [o.id for o in orders if "no source" not in o.note] == []


def test_every_arc_joins_existing_states():
    wrong = [
        link
        for link in KNOWLEDGE.links
        if not set(link.child_state.split("|")) <= set(VARIABLES[link.child].state_ids)
        or not set(link.parent_state.split("|")) <= set(VARIABLES[link.parent].state_ids)
        or (link.diagnosis and link.diagnosis not in KNOWLEDGE.diagnoses)
    ]
    assert wrong == []


def test_every_arc_has_a_reason():
    assert [(link.child, link.parent) for link in KNOWLEDGE.links if len(link.reason.split()) < 3] == []


def test_every_arc_beyond_the_mechanisms_cites_a_fact():
    causal = [link for link in KNOWLEDGE.links if link.direction != "mechanism"]
    assert len(causal) > 40
    assert [(link.child, link.parent) for link in causal if not link.facts] == []
    assert [fact for link in causal for fact in link.facts if fact not in KNOWLEDGE.facts] == []


def test_a_finding_hangs_on_at_most_one_mechanism_and_a_mechanism_on_no_other():
    arcs = {(link.child, link.parent) for link in KNOWLEDGE.links if link.direction == "mechanism"}
    children = [child for child, _ in arcs]
    assert len(children) == len(set(children))
    assert {VARIABLES[parent].role for _, parent in arcs} == {"mechanism"}
    assert {VARIABLES[child].role for child in children} == {"finding"}


def test_every_mechanism_joins_at_least_two_findings():
    mechanisms = KNOWLEDGE.of_role("mechanism")
    joined = {name: {link.child for link in KNOWLEDGE.links if link.parent == name} for name in mechanisms}
    assert len(joined) > 5
    assert [name for name, children in joined.items() if len(children) < 2] == []


def test_exclusions_are_between_different_findings():
    wrong = [e for e in KNOWLEDGE.exclusions if e.finding == e.other or not e.reason]
    assert wrong == []
    assert len(KNOWLEDGE.exclusions) > 10
