"""View "Does it fit?" of the screen Why: conflict, surprise, and what would have to be otherwise."""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.shared.texts import figure_words, percent, say
from app_pages.shared.waiting import asked
from app_pages.why.answers import explanation, ranked_rows
from model import Explanation
from model.figures import placed
from model.why.conflict import Conflict
from model.why.counterfactual import UNKNOWN, Counterfactual
from model.why.surprise import Surprise

# A34: shares of simulated patients.
VERY_UNUSUAL, UNUSUAL = 0.01, 0.05


def show() -> None:
    """The three questions side by side."""
    why, place = asked(lambda: explanation(ranked_rows()[0]))
    with place:
        three(why)


def three(why: Explanation) -> None:
    """Conflict and surprise on the left, what would have to be otherwise on the right."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"##### {say('fit.conflict_title')}")
        st.markdown(conflict_text(why.conflict))
        st.html(f'<p class="soft">{say("fit.conflict_note")}</p>{in_numbers(why.conflict)}')
        st.markdown(f"##### {say('fit.surprise')}")
        st.markdown(surprise_text(why.surprise))
        error = percent(why.surprise.standard_error)
        st.html(f'<p class="soft">{escape(say("fit.surprise_note", n=why.surprise.n, error=error))}</p>')
    with right:
        st.markdown(f"##### {say('fit.otherwise')}")
        otherwise(why)


def otherwise(why: Explanation) -> None:
    """The fewest findings whose change would change the leader."""
    for one in why.counterfactuals:
        st.markdown(f"- {counterfactual_text(one)}")
    if not why.counterfactuals:
        st.markdown(say("fit.nothing"))
    st.html(f'<p class="soft">{say("fit.otherwise_note")}</p>')


def conflict_text(found: Conflict) -> str:
    """The verdict on the conflict in words."""
    clash = ", ".join(found.clash_labels)
    text = say(f"fit.{found.verdict}", clash=clash)
    if found.verdict == "coherent" and found.clash:
        text += " " + say("fit.part", clash=clash)
    if found.explained_by and found.verdict != "conflict" and found.clash:
        best = found.explained_by[0]
        text += " " + say("fit.explained", label=best.label, share=percent(best.probability))
    return text


def in_numbers(found: Conflict) -> str:
    """The conflict in bans, for who opens it."""
    lines = [say("fit.conflict_value", value=found.value)]
    if found.clash:
        lines.append(say("fit.clash_value", clash=", ".join(found.clash_labels), value=found.clash_value))
    said = escape(" ".join(lines))
    return f'<details class="soft"><summary>{escape(say("fit.numbers"))}</summary>{said}</details>'


def surprise_text(found: Surprise) -> str:
    """How unusual the findings are, in words and numbers."""
    is_very, is_at_all = found.percentile < VERY_UNUSUAL, found.percentile < UNUSUAL
    word = "very_unusual" if is_very else "unusual" if is_at_all else "usual"
    return say(f"fit.{word}", share=percent(found.percentile))


def counterfactual_text(found: Counterfactual) -> str:
    """One change and what would lead then."""
    changes = say("fit.and").join(
        say(
            "fit.not_known" if c.to == UNKNOWN else "fit.other_state",
            label=c.label,
            value=c.value,
            to=placed(c.to_label, figure_words()),
        )
        for c in found.changes
    )
    return say("fit.if", changes=changes, label=found.leader_label, share=percent(found.probability))
