"""View "Evidence" of the screen Why: from the prior to the answer, finding after finding."""

from __future__ import annotations

import streamlit as st

from app_pages.shared import answers
from app_pages.shared.controls import choice
from app_pages.shared.figure import draw
from app_pages.shared.texts import ENGLISH, figure_words, language, percent, say, section
from app_pages.shared.waiting import asked
from app_pages.why.answers import explanation, ranked_rows, row_choice
from app_pages.why.fit import conflict_text, counterfactual_text, surprise_text
from model import Explanation
from model.figures import footing_table, waterfall
from model.text import unparted
from model.why.paragraph import SENTENCES

KIND, UNIT = "order_free", "times"


def show() -> None:
    """Which diagnosis, the waterfall, the same in words, and which way of counting."""
    diagnosis = row_choice("why_diagnosis", say("why.diagnosis"), 0)
    why, place = asked(lambda: explanation(diagnosis))
    with place:
        reasons(why)
        counting()


def counting() -> None:
    """In which order findings are weighed, and the unit of the numbers, for who asks; drawn below what it changes."""
    with st.expander(say("why.counted"), key="why_counted"):
        choice("why_kind", section("why_kinds"), say("why.kind"))
        st.html(f'<p class="soft">{say("why.kind_note")}</p>')
        choice("why_unit", section("why_units"), say("why.unit"))
        st.html(f'<p class="soft">{say("why.unit_note")}</p>')


def reasons(why: Explanation) -> None:
    """The waterfall, the decisive finding, and the same in words."""
    kind, unit = st.session_state.get("why_kind") or KIND, st.session_state.get("why_unit") or UNIT
    draw(waterfall(why, kind=kind, unit=unit, words=figure_words()))
    if why.decisive:
        one = next(c for c in why.contributions if c.finding == why.decisive)
        now = answers.knowledge().diagnoses[ranked_rows()[0]].label
        then = one.leader_label_without
        kind = "decisive" if then != now else "decisive_stays" if then == why.label else "decisive_other"
        words = {"finding": one.label, "label": why.label, "without": percent(one.without), "leader": then}
        st.markdown(say(f"why.{kind}", **words))
    draw(footing_table(why.footing, words=figure_words()))
    with st.expander(say("why.paragraph"), key="paragraph"):
        st.markdown(unparted(in_words(why)))


def in_words(why: Explanation) -> str:
    """The paragraph, in the language of the session."""
    others = [counterfactual_text(one) for one in why.counterfactuals]
    closing = [conflict_text(why.conflict), surprise_text(why.surprise), *others]
    return why.paragraph(SENTENCES if language() == ENGLISH else section("paragraph"), closing)
