"""
One patient, one answer: every command and every view names the same leader with the same probability.

The walk goes over the published patients as the app shows them. Views are drawn for the one of them for whom the answer
at mean parameters is most at odds with the headline.
"""

from __future__ import annotations

import json
from typing import NamedTuple

import numpy as np
import pytest

from app_pages.shared import link
from app_pages.shared.texts import say
from model import encode, load_network, posterior, read_cases
from model.cli import main
from model.figures import WORDS, more_often_text
from model.pages.patient import TEXTS, Report
from model.teaching.lesson import stages
from model.text import percent, unparted
from tests.support.source import ROOT

NETWORK = load_network()
CASES = [case.without_confirmatory() for case in read_cases(ROOT / "priors" / "cases" / "published.json")]
HEADLINE = posterior(NETWORK, encode(NETWORK, CASES))
AT_MEAN = posterior(NETWORK.at_mean(), encode(NETWORK, CASES)).mean_by("row")
ROWS, MEAN = HEADLINE.names("row"), HEADLINE.mean_by("row")


class Answer(NamedTuple):
    """What every command says of one patient."""

    case: str
    leader: str
    probability: float


EXPECTED = [Answer(case.id, ROWS[p.argmax()], float(p.max())) for case, p in zip(CASES, MEAN, strict=True)]
LEAD_AT_MEAN = AT_MEAN[np.arange(len(CASES)), MEAN.argmax(axis=1)] - AT_MEAN.max(axis=1)
ODD = int(LEAD_AT_MEAN.argmin())
SOME = [int(i) for i in np.argsort(LEAD_AT_MEAN, kind="stable")[:8]]


def of_rows(case, key="rows"):
    leader, p = next(iter(case[key].items()))
    return Answer(case["id"], leader, p)


def of_lead(case):
    same = case["same_decision"]
    assert of_rows(case) == Answer(case["id"], same["leader"], pytest.approx(same["leader_p"]))
    return Answer(case["id"], same["leader"], same["leader_p"])


COMMANDS = {
    ("diagnose",): of_rows,
    ("score",): of_rows,
    ("next", "--top", "1"): of_rows,
    ("next", "--orders", "--top", "1"): of_lead,
    ("explain", "--simulated", "1"): lambda case: Answer(
        case["case"], case["diagnosis"], case["probability"]
    ),
    ("sensitivity", "--top", "1"): lambda case: Answer(case["id"], case["diagnosis"], case["probability"]),
}
"""Words of a command -> what it says of one patient in its JSON answer."""

SLOW = ("explain", "sensitivity")
"""These are asked about the eight patients for whom mean parameters are most at odds with the headline."""


def written(folder, cases):
    path = folder / "cases.json"
    found = [{"id": case.id, "findings": dict(case.findings), "truth": case.truth} for case in cases]
    path.write_text(json.dumps(found))
    return str(path)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_gives_the_headline(capsys, tmp_path, words):
    command, *options = words
    chosen = [ODD] if "--orders" in words else SOME if command in SLOW else range(len(CASES))
    assert main([command, written(tmp_path, [CASES[i] for i in chosen]), "--json", *options]) == 0
    said = [COMMANDS[words](case) for case in json.loads(capsys.readouterr().out)["cases"]]
    wrong = [
        (one, wanted)
        for one, wanted in zip(said, [EXPECTED[i] for i in chosen], strict=True)
        if one[:2] != wanted[:2] or abs(one.probability - wanted.probability) > 1e-9
    ]
    assert wrong == []


def test_texts_of_the_commands_say_the_leader_and_where_they_are_at_mean_parameters(capsys, tmp_path):
    wanted, file = EXPECTED[ODD], written(tmp_path, [CASES[ODD]])
    label = NETWORK.knowledge.diagnoses[wanted.leader].label
    for words in (("diagnose",), ("explain", "--simulated", "1"), ("sensitivity",)):
        assert main([words[0], file, *words[1:]]) == 0
        out = capsys.readouterr().out
        assert label in out.split("\n\n")[0], words
        assert percent(wanted.probability) in out.split("\n\n")[0], words
    top = " ".join(out.split("\n\n")[0].split())
    assert "mean over all draws" in top
    assert percent(float(AT_MEAN[ODD, ROWS.index(wanted.leader)])) in top.partition("at mean parameters")[2]


def test_lesson_and_report_give_the_headline():
    wanted = EXPECTED[ODD]
    last = stages(NETWORK, CASES[ODD])[-1]
    assert (last.answer.leader(), last.probabilities.max()) == (
        wanted.leader,
        pytest.approx(wanted.probability),
    )
    report = Report(HEADLINE.select(ODD), "Documents", (), None, {}, TEXTS, WORDS)
    label = NETWORK.knowledge.diagnoses[wanted.leader].label
    assert report.bars()[0].label == label
    assert report.bars()[0].probability == percent(wanted.probability)


def text(app):
    """All that a screen shows, as one text."""
    return "\n".join(
        str(getattr(one, "body", getattr(one, "value", "")))
        for kind in ("html", "markdown", "success", "info", "caption")
        for one in app.get(kind)
    )


SWITCHES = {"why": "why_view", "next_step": "view", "robustness": "robust_view"}
VIEWS = {
    "case": ("",),
    "why": ("evidence", "contrast", "sources"),
    "next_step": ("findings", "orders", "stop"),
    "robustness": ("ranks", "numbers", "what_if", "goal", "prior", "switches", "lookup"),
    "compare": ("",),
}
WITHOUT_SHARE = ("contrast", "findings", "orders")
"""These name the leader and need not say its share: their numbers are odds, and what an answer would do."""

SLOW_VIEWS = ("orders", "switches", "lookup")
"""These are asked under the usual setting alone."""


def query(case=CASES[ODD], setting="documents"):
    """The link to a patient; by default the one most at odds."""
    findings = {n: link.normal(NETWORK, n, v) for n, v in case.findings.items() if v is not None}
    return link.written(findings, setting)


def most_at_odds(network):
    """The patient for whom mean parameters are most at odds with the headline, and what the headline is."""
    evidence = encode(network, CASES)
    headline, at_mean = posterior(network, evidence), posterior(network.at_mean(), evidence).mean_by("row")
    leaders = headline.mean_by("row").argmax(axis=1)
    odd = int((at_mean[np.arange(len(CASES)), leaders] - at_mean.max(axis=1)).argmin())
    return CASES[odd], headline.leader(odd), float(headline.mean_by("row")[odd].max())


@pytest.mark.parametrize("setting", ["documents", "flat", "documents@documents", "flat@documents"])
def test_every_view_gives_the_headline(open_app, setting):
    network = load_network(setting=link.prior(setting), knowledge=link.layer(setting))
    case, leader, probability = most_at_odds(network)
    app = open_app(**query(case, setting))
    label, share = NETWORK.knowledge.diagnoses[leader].label, unparted(percent(probability))
    silent = []
    for screen, views in VIEWS.items():
        app.switch_page(f"app_pages/{screen}/page.py").run()
        for view in (one for one in views if setting == "documents" or one not in SLOW_VIEWS):
            if view:
                app.segmented_control(key=SWITCHES[screen]).set_value(view).run()
            if screen == "compare":
                app.button(key="keep").click().run()
            assert not app.exception, (screen, view)
            said = text(app)
            if view == "sources":
                assert app.selectbox(key="source_diagnosis").value == leader
            elif view == "lookup":
                assert "mf-bits" in said or WORDS["knowing_none"] in said
            elif label not in said or (share not in said and view not in WITHOUT_SHARE):
                silent.append((screen, view))
    assert silent == []


FIRST = HEADLINE.p_top(1)
OFTEN = int((FIRST.max(axis=1) - FIRST[np.arange(len(CASES)), MEAN.argmax(axis=1)]).argmax())
"""The patient for whom another diagnosis than the leader is first in most draws."""


def test_where_another_is_first_in_most_draws_one_line_says_why_it_does_not_lead(open_app, capsys, tmp_path):
    wanted, other = EXPECTED[OFTEN], HEADLINE.first_more_often(OFTEN)
    labels = [NETWORK.knowledge.diagnoses[name].label for name in (other, wanted.leader)]
    assert other not in ("", wanted.leader)
    line = more_often_text(HEADLINE.select(OFTEN))
    assert all(label in line for label in labels)
    app = open_app(**query(CASES[OFTEN]))
    assert unparted(line) in text(app)
    app.switch_page("app_pages/robustness/page.py").run()
    app.segmented_control(key="robust_view").set_value("ranks").run()
    assert unparted(line) in text(app)
    assert line in Report(HEADLINE.select(OFTEN), "Documents", (), None, {}, TEXTS, WORDS).basis
    assert main(["diagnose", written(tmp_path, [CASES[OFTEN]])]) == 0
    assert f"{labels[0]} leads in more draws" in capsys.readouterr().out
    assert more_often_text(HEADLINE.select(int(MEAN.max(axis=1).argmax()))) == ""  # the surest lead


def test_what_does_not_lead_is_not_said_to_lead_already(open_app):
    """The goal that the view begins with: the second of the ranking before the first."""
    app = open_app("robustness", **query(), view="goal")
    order = [ROWS[i] for i in np.argsort(-MEAN[ODD], kind="stable")]
    assert [app.selectbox(key=f"goal_{name}").value for name in ("second", "first")] == order[:2]
    app.selectbox(key="goal_first").set_value(ROWS[int(AT_MEAN[ODD].argmax())]).run()
    assert say("robustness.met") not in [one.value for one in app.success]
    app.selectbox(key="goal_first").set_value(order[0]).run()
    app.selectbox(key="goal_second").set_value(order[1]).run()
    assert say("robustness.met") in [one.value for one in app.success]
