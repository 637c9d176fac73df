"""Screen 4, "How sure is the model of itself?": ranks, numbers, the prior, assumptions, and what to look up."""

import streamlit as st

from app_pages.parts import patient, robust_goal, robust_numbers, robust_prior, robust_ranks, robust_switches
from app_pages.parts.controls import chips, choice, link_problems, trouble
from app_pages.parts.texts import say, section
from model.errors import MilletError

VIEWS = {
    "ranks": robust_ranks.show,
    "numbers": robust_numbers.show,
    "goal": robust_goal.show,
    "prior": robust_prior.show,
    "switches": robust_switches.show,
    "lookup": robust_switches.lookup,
}

link_problems()
with st.container(horizontal=True, vertical_alignment="center", key="heading"):
    st.markdown(f"#### {say('robustness.heading')}", width="content")
    names = section("robust_views")
    view = choice(
        "robust_view", {name: names[name] for name in VIEWS}, say("robustness.view"), is_named=False
    )
if patient.now().findings:
    chips("robust")
try:
    VIEWS[view]()
except MilletError as error:
    trouble(error)
