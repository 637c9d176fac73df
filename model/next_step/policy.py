"""
Ways of choosing what to order next, compared on simulated patients until the stop rule holds.

Knows: costs, the stop rule, the survey that policies choose by. Must not know: how results are inferred.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.errors import EvidenceError, UnknownNameError, unknown_name
from model.inference.engine import infer
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.hierarchy import hierarchy
from model.network.network import DIAGNOSIS, Network
from model.next_step.order import prices
from model.next_step.survey import Survey, survey
from model.patient.simulation import Simulated
from model.progress import Progress, watched
from model.record import Record, row
from model.text import percent, table

if TYPE_CHECKING:
    import pandas as pd

BoolArray = NDArray[np.bool_]
Choice = Callable[["Situation", np.random.Generator], NDArray[np.intp]]

BOX_1 = (
    "history", "examination", "brain_mri", "susceptibility_mri", "spine_mri", "lumbar_puncture",
    "treatment_trial", "non_brain_biopsy",
)  # fmt: skip
"""The fixed sequence of the review's Box 1: history and examination, imaging, CSF, steroid trial, biopsy."""

START = ("history", "examination")
"""What is known of a patient before anything that costs is ordered."""

N_CANDIDATES, N_RESULTS, N_AHEAD = 3, 4, 6
"""Lookahead: best orders looked behind, results drawn of each, and results per leaf to judge what follows."""

N_SAME = 8
"""Simulated results per leaf that the stop rule is judged by."""

GOES_ON = 0.5
"""Lookahead: what comes second, and its cost, count only so much, for asking may have stopped by then."""

FREE = 1e-3
"""Stands for a cost of 0 where values are divided by costs: what is free comes first."""


@dataclass(frozen=True, slots=True, eq=False)
class Situation(Record):
    """
    Where some patients stand.

    Attributes
    ----------
    weights : ndarray of shape (n_patients, n_leaves)
        P(leaf | what is known).
    allowed : ndarray of bool, shape (n_patients, n_orders)
        Not done yet, and within what is left of the budget.
    costs : ndarray of shape (n_orders,)
    budget : ndarray of shape (n_patients,)
        What is left of it; may be inf.
    survey : Survey
    """

    weights: NDArray[np.float32]
    allowed: BoolArray
    costs: FloatArray
    budget: FloatArray
    survey: Survey


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """
    How one policy did, on average over the patients; errors are standard errors of the mean.

    `log_score` is the mean natural log of the probability of the true table row when asking ended, `stopped` the
    share of patients in whom the stop rule held before orders or budget ran out, `top1` the share in whom the
    true row led at the end.
    """

    policy: str
    n_patients: int
    n_orders: float
    n_orders_error: float
    cost: float
    cost_error: float
    log_score: float
    log_score_error: float
    stopped: float
    top1: float


@dataclass(frozen=True, slots=True, eq=False)
class PolicyComparison(Answer):
    """
    Several policies on the same simulated patients.

    Parameters
    ----------
    results
        One per policy, in the order asked for.
    costs, log_scores
        Policy -> ndarray of shape (n_patients,): what each patient cost, and the log score at the end.
    stop_at
        Same-decision probability at which asking stops.
    start
        Orders known from the start; neither counted nor charged.
    """

    results: tuple[PolicyResult, ...]
    costs: Mapping[str, FloatArray]
    log_scores: Mapping[str, FloatArray]
    stop_at: float
    start: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """One line per policy."""
        import pandas as pd

        names = PolicyResult.__dataclass_fields__
        return pd.DataFrame([row(result, names) for result in self.results])

    def summary(self) -> str:
        """The comparison as a table."""
        cells = [
            (
                r.policy,
                f"{r.n_orders:.2f} ± {r.n_orders_error:.2f}",
                f"{r.cost:.2f} ± {r.cost_error:.2f}",
                f"{r.log_score:.3f} ± {r.log_score_error:.3f}",
                percent(r.stopped),
                percent(r.top1),
            )
            for r in self.results
        ]
        header = ("policy", "orders", "cost", "log score (nats)", "stop rule held", "true row leads")
        title = (
            f"{self.results[0].n_patients} simulated patients, until the leader would stay with probability "
            f"{percent(self.stop_at)}; known from the start: {', '.join(self.start) or 'nothing'}"
        )
        return f"{title}\n{table(header, cells, right=(1, 2, 3, 4, 5))}"


def compare_policies(
    network: Network,
    patients: Simulated,
    *,
    policies: Sequence[str] = ("greedy", "lookahead", "fixed", "random"),
    fixed: Sequence[str] = BOX_1,
    start: Sequence[str] = START,
    budget: float = np.inf,
    costs: Mapping[str, float] | None = None,
    stop_at: float = 0.95,
    seed: int = 0,
    progress: Progress = watched,
) -> PolicyComparison:
    """
    Cost, number of orders and log score of policies, until the leading table row would stay in the lead.

    Every result changes the posterior exactly, at mean parameters. What to order, and when to stop, is judged
    by a `Survey`, which takes orders as independent given the leaf.

    Parameters
    ----------
    network, patients
        Patients from `model.simulate`; any network may be asked about them.
    policies
        ``greedy`` (most bits about the table row for each unit of cost), ``lookahead`` (the same, counting the
        best order after each possible result, too), ``fixed`` (`fixed`, in order) or ``random``.
    fixed
        Orders of the fixed sequence; it ends when they are used up.
    start
        Orders whose findings are known before the first step.
    budget
        Most that may be spent on one patient.
    costs
        Order -> cost, in place of those of `orders.csv`.
    stop_at
        Asking stops once the leader would still lead, after all other orders, with this probability.
    seed
        Of the survey, of the lookahead and of the random order.
    progress
        Wraps the policies, such as a progress bar.

    Raises
    ------
    UnknownNameError
        If a policy or an order does not exist.
    EvidenceError
        If the budget is negative or `stop_at` is not in (0, 1].

    Examples
    --------
    >>> from model import load_network, simulate
    >>> network = load_network().thinned(50)
    >>> found = compare_policies(network, simulate(network, 2, seed=1), policies=("greedy", "fixed"))
    >>> list(found.to_frame()["policy"].unique())
    ['greedy', 'fixed']
    """
    for policy in policies:
        if policy not in CHOICES:
            raise UnknownNameError(unknown_name("policies", "policy", policy, CHOICES))
    if not budget >= 0 or not 0 < stop_at <= 1:
        raise EvidenceError(
            f"policies: budget {budget}, stop at {stop_at}; allowed are a budget from 0 upwards and a probability "
            "above 0, up to 1; change them"
        )
    orders = orders_of(network)
    for order in (*fixed, *start):
        if order not in orders:
            raise UnknownNameError(unknown_name("policies", "order", order, orders))
    run = _Run(
        network.at_mean(), patients, orders, prices(network, costs), budget, stop_at, seed, tuple(start)
    )
    place = {order: i for i, order in enumerate(orders)}
    results, spent, scores = [], {}, {}
    for policy in progress(policies):
        sequence = [place[order] for order in fixed] if policy == "fixed" else None
        one, spent[policy], scores[policy] = run(policy, sequence)
        results.append(one)
    return PolicyComparison(tuple(results), spent, scores, stop_at, tuple(start), origin=network.origin)


def orders_of(network: Network) -> dict[str, tuple[str, ...]]:
    """Order -> findings it gives, all orders that give any that can be asked for."""
    groups: dict[str, list[str]] = {}
    for name, variable in network.knowledge.of_role("finding", "context").items():
        groups.setdefault(variable.order, []).append(name)
    return {order: tuple(groups[order]) for order in network.knowledge.orders if order in groups}


class _Run:
    """What all policies share: the patients' evidence, the costs, the survey."""

    def __init__(
        self,
        mean: Network,
        patients: Simulated,
        orders: Mapping[str, tuple[str, ...]],
        priced: Mapping[str, float],
        budget: float,
        stop_at: float,
        seed: int,
        start: tuple[str, ...],
    ) -> None:
        names = [name for findings in orders.values() for name in findings]
        self.mean, self.budget, self.stop_at, self.seed = mean, budget, stop_at, seed
        self.rows = patients.evidence(names).likelihoods
        self.order_of = {name: i for i, findings in enumerate(orders.values()) for name in findings}
        self.costs = np.array([priced[order] for order in orders])
        self.start = np.array([order in start for order in orders])
        self.survey = survey(mean, orders, seed=seed)
        self.truth = patients.states[DIAGNOSIS]
        self.membership = hierarchy(mean.knowledge, "row").membership
        self.to_leaf = mean.plan.indicator(mean.index(DIAGNOSIS))

    def __call__(
        self, policy: str, sequence: list[int] | None
    ) -> tuple[PolicyResult, FloatArray, FloatArray]:
        rng = np.random.default_rng((self.seed, sorted(CHOICES).index(policy)))
        n = len(self.truth)
        done = np.tile(self.start, (n, 1))
        spent, count, stopped = np.zeros(n), np.zeros(n), np.zeros(n, dtype=bool)
        weights = self._posterior(done, np.arange(n))
        active = np.arange(n)
        while len(active):
            single = weights[active].astype(np.float32)
            holds = self.survey.same_decision(single, ~done[active], N_SAME) >= self.stop_at
            stopped[active[holds]] = True
            active, single = active[~holds], single[~holds]
            left = self.budget - spent[active]
            allowed = ~done[active] & (self.costs <= left[:, None])
            if sequence is not None:
                allowed &= np.isin(np.arange(len(self.costs)), sequence)
            can = allowed.any(axis=1)
            active, situation = (
                active[can],
                Situation(single[can], allowed[can], self.costs, left[can], self.survey),
            )
            if not len(active):
                break
            chosen = (
                _in_sequence(situation, sequence) if sequence is not None else CHOICES[policy](situation, rng)
            )
            done[active, chosen] = True
            spent[active] += self.costs[chosen]
            count[active] += 1
            weights[active] = self._posterior(done, active)
        rows = weights @ self.membership
        truth = self.membership[self.truth].argmax(axis=1)
        score = np.log(rows[np.arange(n), truth])
        leads = rows.argmax(axis=1) == truth
        result = PolicyResult(
            policy, n, float(count.mean()), _error(count), float(spent.mean()), _error(spent),
            float(score.mean()), _error(score), float(stopped.mean()), float(leads.mean()),
        )  # fmt: skip
        return result, spent, score

    def _posterior(self, done: BoolArray, patients: NDArray[np.intp]) -> FloatArray:
        """P(leaf | results of what has been done): shape (len(patients), n_leaves)."""
        rows = {
            self.mean.index(name): np.where(done[patients, self.order_of[name]][:, None], one[patients], 1.0)
            for name, one in self.rows.items()
        }
        said = {v: one for v, one in rows.items() if (one != 1.0).any()}
        return np.asarray(infer(self.mean.plan, said, n_patients=len(patients)).hub[0] @ self.to_leaf)


def _rate(bits: FloatArray, costs: FloatArray, allowed: BoolArray) -> FloatArray:
    """Bits for each unit of cost, -1 for what is not allowed."""
    return np.asarray(np.where(allowed, bits / np.maximum(costs, FREE), -1.0))


def _greedy(situation: Situation, rng: np.random.Generator) -> NDArray[np.intp]:  # noqa: ARG001
    bits = situation.survey.bits(situation.weights)
    return np.asarray(_rate(bits, situation.costs, situation.allowed).argmax(axis=1))


def _random(situation: Situation, rng: np.random.Generator) -> NDArray[np.intp]:
    return np.asarray(np.where(situation.allowed, rng.random(situation.allowed.shape), -1.0).argmax(axis=1))


def _in_sequence(situation: Situation, sequence: Sequence[int]) -> NDArray[np.intp]:
    return np.asarray(np.asarray(sequence)[situation.allowed[:, sequence].argmax(axis=1)], dtype=np.intp)


def _lookahead(situation: Situation, rng: np.random.Generator) -> NDArray[np.intp]:
    """
    The order whose bits, with those of the best order after it, are most for each unit of both costs.

    Only the greedy rule's `N_CANDIDATES` best are looked behind; what is free is done without.
    """
    s, patients = situation, np.arange(len(situation.weights))
    bits = s.survey.bits(s.weights)
    rate = _rate(bits, s.costs, s.allowed)
    best = np.argsort(-rate, axis=1, kind="stable")[:, :N_CANDIDATES]
    tables = np.stack([s.survey.likelihood[order] for order in s.survey.orders])
    value = np.full(best.shape, -1.0)
    for column, order in enumerate(best.T):
        drawn = s.survey.results(s.weights, N_RESULTS, rng)
        after = s.weights[:, None] * tables[order[:, None], drawn]
        after = (after / np.maximum(after.sum(axis=2, keepdims=True), 1e-30)).astype(np.float32)
        allowed = s.allowed & (s.costs <= (s.budget - s.costs[order])[:, None])
        allowed[patients, order] = False
        later = s.survey.bits(after.reshape(-1, after.shape[2]), N_AHEAD).reshape(*drawn.shape, -1)
        second = _rate(later, s.costs, np.broadcast_to(allowed[:, None], later.shape)).argmax(axis=2)
        more = np.take_along_axis(later, second[..., None], axis=2)[..., 0] * allowed.any(axis=1)[:, None]
        cost = s.costs[order] + GOES_ON * (s.costs[second] * allowed.any(axis=1)[:, None]).mean(axis=1)
        total = (bits[patients, order] + GOES_ON * more.mean(axis=1)) / np.maximum(cost, FREE)
        value[:, column] = np.where(s.allowed[patients, order], total, -1.0)
    found = best[patients, value.argmax(axis=1)]
    return np.asarray(np.where(s.costs[best[:, 0]] == 0, best[:, 0], found), dtype=np.intp)


def _error(values: FloatArray) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


CHOICES: Mapping[str, Choice] = {
    "greedy": _greedy, "lookahead": _lookahead, "fixed": _greedy, "random": _random,
}  # fmt: skip

__all__ = ["BOX_1", "START", "PolicyComparison", "PolicyResult", "Situation", "compare_policies", "orders_of"]
