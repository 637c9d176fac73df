"""What is believed of findings in diseases, what it rests on, and which diseases can hardly be told apart."""

import re
from html import escape, unescape

import numpy as np
import pytest

from app_pages.shared.texts import FILES
from model import (
    believed,
    encode,
    load_network,
    posterior,
    separating_findings,
    separation,
)
from model.figures import knowledge_map, network_drawing
from model.figures.knowledge_map import SIGNS
from model.network.beliefs import BASIS, ORDER, unsupported
from model.network.network import DIAGNOSIS
from priors.labels import translated

NETWORK = load_network()
KNOWLEDGE = NETWORK.knowledge
BELIEFS = believed(NETWORK.thinned(40))
ROWS = KNOWLEDGE.rows


@pytest.mark.parametrize("finding", ["fever", "enhancement_pattern", "csf_pleocytosis", "central_vein_sign"])
def test_a_belief_is_what_bayes_theorem_gives_from_answers(finding):
    """P(state | row) = P(row | state) P(state) / P(row), each from the engine asked with evidence."""
    mean = NETWORK.at_mean()
    p = believed(mean).probabilities[finding][0]
    prior = posterior(mean, encode(mean, {})).mean_by("row")[0]
    for i, state in enumerate(NETWORK.states[finding]):
        answer = posterior(mean, encode(mean, {finding: state}))
        by_bayes = answer.mean_by("row")[0] * np.exp(answer.log_evidence[0, 0]) / prior
        np.testing.assert_allclose(p[:, i], by_bayes, rtol=1e-9)


def test_every_belief_has_a_basis_and_an_interval_around_it():
    frame = BELIEFS.to_frame()
    assert len(frame) == len(BELIEFS.probabilities) * len(ROWS)
    assert set(frame.basis) <= set(ORDER)
    assert {"cohort", "judged"} <= set(frame.basis)
    assert ((frame.low <= frame["mean"] + 1e-12) & (frame["mean"] <= frame.high + 1e-12)).mean() > 0.97
    for facts in frame.facts[frame.basis.isin(["judged", "nothing"])]:
        assert not [f for f in facts.split("|") if f and KNOWLEDGE.facts[f].kind in BASIS]


def test_the_firmest_kind_of_fact_is_named():
    for belief in (
        BELIEFS.of("pvs_pattern", "clippers"),
        BELIEFS.of("csf_fungal_culture", "cns_candidiasis"),
    ):
        facts = [KNOWLEDGE.facts[name] for name in belief.facts if KNOWLEDGE.facts[name].kind in BASIS]
        kinds = {"cohort" if fact.is_cohort else BASIS[fact.kind] for fact in facts}
        assert belief.basis == min(kinds, key=ORDER.index)


def test_what_nothing_is_known_of_comes_with_the_widest_first():
    found = unsupported(BELIEFS)
    widths = [belief.high - belief.low for belief in found]
    assert widths == sorted(widths, reverse=True)
    assert all(not BELIEFS.facts.get((belief.finding, belief.row)) or belief.facts for belief in found)


class TestMap:
    def test_every_cell_is_there_with_a_sign(self):
        findings = list(BELIEFS.probabilities)[:5]
        html = knowledge_map(BELIEFS, findings, ROWS).html
        assert html.count("<td title=") == 5 * len(ROWS)
        assert len(set(SIGNS.values())) == len(ORDER)

    def test_numbers_are_those_of_the_beliefs(self):
        belief = BELIEFS.of("csf_fungal_culture", "cns_candidiasis")
        html = knowledge_map(BELIEFS, ["csf_fungal_culture"], ["cns_candidiasis"]).html
        assert f">{100 * belief.mean:.0f}<i>{SIGNS[belief.basis]}</i>" in html
        assert belief.facts[0] in html


class TestDrawing:
    def test_every_dependence_of_the_chosen_findings_is_an_arrow(self):
        chosen = ["central_vein_sign", "csf_pleocytosis"]
        html = network_drawing(NETWORK, chosen).html
        nodes, todo = set(), [*chosen, DIAGNOSIS]
        while todo:
            name = todo.pop()
            if name not in nodes:
                nodes.add(name)
                todo += NETWORK.parents[name]
        n_arrows = sum(len(NETWORK.parents[name]) for name in nodes)
        assert html.count('fill="none" stroke="currentColor"') == n_arrows
        assert html.count("<g><title>") == len(nodes)

    def test_a_narrow_page_reads_every_dependence_in_a_list(self):
        chosen = ["central_vein_sign", "csf_pleocytosis"]
        html = network_drawing(NETWORK, chosen).html
        said = dict(re.findall(r"<li><b>([^<]*)</b> → ([^<]*)</li>", html))
        for name in chosen:
            label = escape(KNOWLEDGE.variables[name].label)
            others = set(NETWORK.parents[name]) - {DIAGNOSIS}
            parents = [escape(KNOWLEDGE.variables[one].label) for one in others] or ["Diagnosis"]
            assert all(label in said[parent] for parent in parents)

    @pytest.mark.parametrize("order", sorted({v.order for v in KNOWLEDGE.of_role("finding").values()}))
    def test_no_label_lies_on_another(self, order):
        chosen = [v.id for v in KNOWLEDGE.of_role("finding").values() if v.order == order]
        html = network_drawing(NETWORK, chosen).html
        places = re.findall(r'<rect x="(\d+)" y="([-\d.]+)" width="(?!4")\d+"', html)
        by_column = {}
        for x, y in places:
            by_column.setdefault(x, []).append(float(y))
        for ys in by_column.values():
            assert (np.diff(sorted(ys)) >= 18).all()

    def test_no_label_is_cut_in_any_language(self):
        for spoken in FILES:
            tables = translated(KNOWLEDGE, spoken)
            html = network_drawing(NETWORK.relabelled(tables), list(tables.of_role("finding"))).html
            boxes = re.findall(r'width="(\d+)" height="18" rx.*?<text [^>]*>([^<]*)</text>', html)
            assert len(boxes) > 150
            assert "…" not in html
            assert [text for width, text in boxes if 6.6 * len(unescape(text)) + 14 > int(width)] == []


class TestSeparation:
    found = separation(NETWORK, n=40, seed=1)

    def test_it_is_symmetric_and_at_most_one_half_beyond_its_error(self):
        np.testing.assert_allclose(self.found.confusion, self.found.confusion.T)
        assert (np.diag(self.found.confusion) == 0).all()
        assert (self.found.confusion <= 0.5 + 4 * self.found.error).all()

    def test_more_orders_tell_more(self):
        more = separation(NETWORK, n=40, seed=1, orders=tuple(KNOWLEDGE.orders))
        few = separation(NETWORK, n=40, seed=1, orders=("history",))
        assert more.confusion.mean() < self.found.confusion.mean() < few.confusion.mean()

    def test_the_hardest_pair_comes_first(self):
        pairs = self.found.pairs()
        assert len(pairs) == len(ROWS) * (len(ROWS) - 1) / 2
        assert [p[2] for p in pairs] == sorted((p[2] for p in pairs), reverse=True)
        assert list(self.found.to_frame()["first"][:2]) == [pairs[0][0], pairs[1][0]]

    def test_a_finding_that_proves_one_of_two_separates_them(self):
        best = separating_findings(BELIEFS, "nmosd", "multiple_sclerosis")
        assert "serum_aqp4_igg" in [name for name, *_ in best[:3]]
        assert all(low <= bits <= high or bits < 0.05 or high - low < bits for _, bits, low, high in best)

    def test_a_disease_is_not_separated_from_itself(self):
        assert max(bits for _, bits, _, _ in separating_findings(BELIEFS, "nmosd", "nmosd")) == 0
