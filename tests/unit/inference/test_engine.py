"""The array core on networks small enough to check by hand, and what it refuses."""

from __future__ import annotations

from itertools import combinations
from unittest.mock import patch

import numpy as np
import pytest

from model.inference import layout
from model.inference.component import elimination_order, prune
from model.inference.engine import conditional, infer, joint, marginal, mean_joint_all, plan
from model.inference.errors import ImpossibleEvidenceError
from model.inference.graph import Graph
from model.inference.layout import rim_of
from model.inference.numeric import distinct, log_sum
from model.inference.star import Star
from model.inference.support import factor_of, support_of
from tests.support.enumeration import random_table

# A disease (20 %), a mechanism that it causes, two findings that hang on both, and one alone.
DISEASE, MECHANISM, FEVER, HEADACHE, SEX = range(5)
MECHANISM_TABLE = np.array([[[0.9, 0.1], [0.3, 0.7]]])
FEVER_TABLE = np.array([[[[0.95, 0.05], [0.8, 0.2]], [[0.7, 0.3], [0.4, 0.6]]]])
GRAPH = Graph(
    cards=(2, 2, 2, 2, 2),
    parents=((), (DISEASE,), (DISEASE, MECHANISM), (DISEASE, MECHANISM), (DISEASE,)),
    tables=(
        np.array([[0.8, 0.2]]),
        MECHANISM_TABLE,
        FEVER_TABLE,
        np.array([[[[0.9, 0.1], [0.5, 0.5]], [[0.8, 0.2], [0.1, 0.9]]]]),
        np.array([[[0.5, 0.5], [0.75, 0.25]]]),
    ),
)
YES = np.array([[0.0, 1.0]])


def test_findings_with_a_common_mechanism_are_summed_over_it():
    beliefs = infer(plan(GRAPH, [DISEASE]), {FEVER: YES, HEADACHE: YES}, n_patients=1)
    healthy = 0.8 * (0.9 * 0.05 * 0.1 + 0.1 * 0.2 * 0.5)
    ill = 0.2 * (0.3 * 0.3 * 0.2 + 0.7 * 0.6 * 0.9)
    np.testing.assert_allclose(
        beliefs.hub[0, 0], [healthy / (healthy + ill), ill / (healthy + ill)], rtol=1e-12
    )
    np.testing.assert_allclose(np.exp(beliefs.log_evidence), [[healthy + ill]], rtol=1e-12)


def test_a_mechanism_holds_its_findings_together_and_the_rest_stands_alone():
    alone, together = plan(GRAPH, [DISEASE]).parts
    assert isinstance(alone, Star)
    assert isinstance(together, Star)
    assert (alone.rim, tuple(alone.columns)) == ((), (SEX,))
    assert (together.rim, tuple(together.columns)) == ((MECHANISM,), (FEVER, HEADACHE))


def test_a_long_chain_is_cut_into_stars_within_stars():
    rng = np.random.default_rng(1)
    n = 16
    tables = [random_table(rng, (1, 2))] + [random_table(rng, (1, 2, 2)) for _ in range(n - 1)]
    graph = Graph((2,) * n, ((), *((v - 1,) for v in range(1, n))), tuple(tables))
    made = plan(graph, [0])
    [part] = made.parts
    assert isinstance(part, Star)
    assert part.branches
    beliefs = infer(made, {n - 1: YES}, n_patients=1)
    onward = np.linalg.multi_dot([table[0] for table in tables[1:]])[:, 1]
    expected = tables[0][0] * onward
    np.testing.assert_allclose(beliefs.hub[0, 0], expected / expected.sum(), rtol=1e-12)


def test_a_parent_of_the_hub_speaks_without_being_observed():
    region_table = np.array([[0.25, 0.75]])
    graph = Graph((2, 2), ((1,), ()), (np.array([[[0.9, 0.1], [0.5, 0.5]]]), region_table))
    made = plan(graph, [0])
    silent = infer(made, {}, n_patients=2)
    np.testing.assert_allclose(silent.hub[0], [[0.6, 0.4]] * 2, rtol=1e-12)  # 0.25 * 0.9 + 0.75 * 0.5
    known = infer(made, {1: np.array([[1.0, 0.0], [1.0, 1.0]])}, n_patients=2)
    np.testing.assert_allclose(known.hub[0], [[0.9, 0.1], [0.6, 0.4]], rtol=1e-12)


@pytest.mark.parametrize("observed", [False, True])
def test_a_hub_state_that_its_parents_rule_out_in_one_draw_stays_at_0(observed):
    never = np.array([[[1.0, 0.0], [1.0, 0.0]], [[0.5, 0.5], [1.0, 0.0]]])
    graph = Graph((2, 2), ((1,), ()), (never, np.array([[0.5, 0.5]])))
    likelihoods = {1: np.ones((1, 2))} if observed else {}
    beliefs = infer(plan(graph, [0]), likelihoods, n_patients=1)
    np.testing.assert_allclose(beliefs.hub[:, 0], [[1.0, 0.0], [0.75, 0.25]], rtol=1e-12)
    np.testing.assert_allclose(conditional(beliefs, 1)[0, 0], [[0.5, 0.5], [0.0, 0.0]], rtol=1e-12)
    np.testing.assert_allclose(conditional(beliefs, 1)[1, 0], [[1 / 3, 2 / 3], [1.0, 0.0]], rtol=1e-12)


def test_hub_states_that_are_impossible_together_are_left_out():
    certain = np.array([[[1.0, 0.0], [0.0, 1.0]]])
    made = plan(Graph((2, 2), ((), (0,)), (np.array([[0.5, 0.5]]), certain)), [0, 1])
    assert made.support.tolist() == [[0, 0], [1, 1]]


@pytest.mark.parametrize("max_cells", [layout.MAX_CELLS, 0], ids=["stars", "variable elimination"])
def test_many_unlikely_findings_do_not_underflow(max_cells):
    n = 400
    rare = np.array([[[1 - 1e-6, 1e-6], [1 - 1e-5, 1e-5]]])
    graph = Graph((2,) * (n + 1), ((), *((0,),) * n), (np.array([[0.5, 0.5]]), *(rare,) * n))
    with patch.object(layout, "MAX_CELLS", max_cells):
        made = plan(graph, [0])
    beliefs = infer(made, dict.fromkeys(range(1, n + 1), YES), n_patients=1)
    np.testing.assert_allclose(beliefs.log_evidence, n * np.log(1e-5) + np.log(0.5), rtol=1e-12)
    np.testing.assert_allclose(beliefs.hub[0, 0], [0.0, 1.0], atol=1e-300)


def test_draws_and_patients_keep_their_axes():
    tables = (np.array([[0.8, 0.2], [0.5, 0.5], [0.1, 0.9]]), *GRAPH.tables[1:])
    beliefs = infer(
        plan(Graph(GRAPH.cards, GRAPH.parents, tables), [DISEASE]), {SEX: np.eye(2)}, n_patients=2
    )
    assert beliefs.hub.shape == (3, 2, 2)
    assert beliefs.log_evidence.shape == (3, 2)
    assert marginal(beliefs, FEVER).shape == (3, 2, 2)
    assert joint(beliefs, MECHANISM).shape == (3, 2, 2, 2)
    assert mean_joint_all(beliefs, [HEADACHE])[HEADACHE].shape == (2, 2, 2)
    assert np.isclose(beliefs.hub[1, 1, 0], 0.5 * 0.5 / (0.5 * 0.5 + 0.5 * 0.25))


def test_what_is_shared_does_not_change_what_is_single():
    beliefs = infer(plan(GRAPH, [DISEASE]), {FEVER: YES}, n_patients=1)
    together = mean_joint_all(beliefs, [SEX, HEADACHE, FEVER, DISEASE, MECHANISM])
    assert list(together) == [SEX, HEADACHE, FEVER, DISEASE, MECHANISM]
    for v, cells in together.items():
        np.testing.assert_allclose(cells, mean_joint_all(beliefs, [v])[v], rtol=1e-13)
        np.testing.assert_allclose(cells.sum(axis=(1, 2)), 1.0, rtol=1e-13)


def test_memory_of_many_patients_is_that_of_their_answer():
    rng = np.random.default_rng(2)
    n = 30_000
    rows = np.eye(2)[rng.integers(2, size=n)]
    beliefs = infer(plan(GRAPH, [DISEASE]), dict.fromkeys((FEVER, HEADACHE, SEX), rows), n_patients=n)
    kinds = np.unique(beliefs.hub[0].round(12), axis=0)
    assert beliefs.hub.shape == (1, n, 2)
    assert len(kinds) == 2  # the three findings are equal in each patient


def changed(variable, table):
    """The graph with another table for one variable."""
    tables = tuple(table if v == variable else old for v, old in enumerate(GRAPH.tables))
    return Graph(GRAPH.cards, GRAPH.parents, tables)


@pytest.mark.parametrize(
    ("variable", "table", "n_shared"),
    [
        (DISEASE, np.array([[0.3, 0.7]]), 2),
        (DISEASE, np.array([[1.0, 0.0]]), 2),  # the state that became impossible stays, with probability 0
        (SEX, np.array([[[0.1, 0.9], [0.4, 0.6]]]), 1),
        (MECHANISM, MECHANISM_TABLE.copy(), 1),
    ],
)
def test_a_plan_like_another_shares_the_parts_whose_tables_are_the_same(variable, table, n_shared):
    graph, old = changed(variable, table), plan(GRAPH, [DISEASE])
    new, fresh = plan(graph, [DISEASE], like=old), plan(graph, [DISEASE])
    assert sum(a is b for a, b in zip(new.parts, old.parts, strict=True)) == n_shared
    evidence = {FEVER: YES, SEX: YES}
    one, other = (infer(p, evidence, n_patients=1) for p in (new, fresh))
    np.testing.assert_array_equal(marginal(one, DISEASE), marginal(other, DISEASE))
    np.testing.assert_array_equal(one.log_evidence, other.log_evidence)


def test_a_plan_that_is_not_like_the_graph_is_not_used():
    certain = plan(changed(DISEASE, np.array([[1.0, 0.0]])), [DISEASE])
    found = plan(GRAPH, [DISEASE], like=certain)  # fewer states are possible there
    assert len(found.support) == 2
    assert not {id(part) for part in found.parts} & {id(part) for part in certain.parts}
    other = plan(GRAPH, [DISEASE], like=plan(GRAPH, [MECHANISM]))
    assert other.hub == (DISEASE,)
    np.testing.assert_array_equal(other.support, found.support)


def test_impossible_evidence_names_its_patients():
    table = np.array([[[1.0, 0.0], [1.0, 0.0]]])
    made = plan(Graph((2, 2), ((), (0,)), (np.array([[0.5, 0.5]]), table)), [0])
    rows = np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(ImpossibleEvidenceError, match="patient rows 1, 3; ") as caught:
        infer(made, {1: rows}, n_patients=4)
    assert caught.value.patients == (1, 3)
    with pytest.raises(ImpossibleEvidenceError, match=r"patient rows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 \.\.\.; "):
        infer(made, {1: np.repeat(YES, 12, axis=0)}, n_patients=12)


def test_evidence_on_the_hub_may_be_impossible_too():
    made = plan(Graph((2,), ((),), (np.array([[1.0, 0.0]]),)), [0])
    with pytest.raises(ImpossibleEvidenceError, match="patient rows 0; "):
        infer(made, {0: YES}, n_patients=1)


@pytest.mark.parametrize("hub", [(), (0, 0)])
def test_a_hub_is_one_variable_or_several_different_ones(hub):
    with pytest.raises(ValueError, match="one variable or several different ones"):
        plan(GRAPH, hub)


@pytest.mark.parametrize(
    ("parents", "tables", "message"),
    [
        (((1,), (0,)), (MECHANISM_TABLE, MECHANISM_TABLE), "cycle through"),
        (
            ((), (0,)),
            (np.array([[0.5, 0.5]]), np.array([[0.5, 0.5]])),
            r"variable 1: table of shape \(1, 2\)",
        ),
        (
            ((), (0,)),
            (np.array([[0.5, 0.51]]), MECHANISM_TABLE),
            "variable 0: its columns are no distributions",
        ),
        (
            ((), (0,)),
            (np.array([[1.5, -0.5]]), MECHANISM_TABLE),
            "variable 0: its columns are no distributions",
        ),
        (
            ((), (0,)),
            (np.array([[np.nan, 0.5]]), MECHANISM_TABLE),
            "variable 0: its columns are no distributions",
        ),
    ],
)
def test_a_graph_is_checked(parents, tables, message):
    with pytest.raises(ValueError, match=message):
        Graph((2, 2), parents, tables)


def test_a_graph_knows_children_and_draws():
    assert GRAPH.children(MECHANISM) == (FEVER, HEADACHE)
    assert GRAPH.n_draws == 1


def test_variables_nobody_asks_for_are_dropped_before_summing():
    support = support_of(GRAPH, (DISEASE,))
    factors = [factor_of(GRAPH, v, support) for v in (MECHANISM, FEVER, HEADACHE)]
    assert [factor.child for factor in prune(factors, frozenset({FEVER}))] == [MECHANISM, FEVER]
    assert prune(factors, frozenset()) == ()
    assert elimination_order(factors, FEVER, dict(enumerate(GRAPH.cards))) == (HEADACHE, MECHANISM)


def test_a_rim_leaves_no_two_variables_in_one_scope():
    scopes = [{0}, {0, 1}, {0, 2}, {0, 3, 4}, {4, 5}]
    assert rim_of(scopes, dict.fromkeys(range(6), 2)) == (0, 4)


def test_columns_that_share_a_weighted_sum_are_told_apart():
    twins = np.array([[np.sin(2.0), 0.0], [0.0, np.sin(1.0)]])
    first, where = distinct(twins)
    np.testing.assert_array_equal(twins[:, first[where]], twins)


def test_patients_with_many_findings_share_the_work_of_their_kind():
    kinds = np.array([np.eye(24)[list(known)].sum(axis=0) for known in combinations(range(24), 3)]).T
    columns = np.hstack([kinds, kinds])
    first, where = distinct(columns)
    np.testing.assert_array_equal(columns[:, first[where]], columns)
    assert len(first) < 1.1 * kinds.shape[1]


def test_the_log_of_a_sum_of_zeros_is_that_of_zero():
    cells = np.array([[-np.inf, -np.inf], [-np.inf, 0.0]])
    np.testing.assert_array_equal(log_sum(cells, axis=1), [-np.inf, 0.0])
