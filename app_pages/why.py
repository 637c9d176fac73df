"""Screen 3, "Why?": what each finding does, why one diagnosis and not another, whether it fits, and the sources."""

import streamlit as st

from app_pages.parts import patient, why_contrast, why_evidence, why_fit, why_sources
from app_pages.parts.controls import chips, choice, link_problems, trouble
from app_pages.parts.texts import say, section
from model.errors import MilletError

VIEWS = {
    "evidence": why_evidence.show,
    "contrast": why_contrast.show,
    "fit": why_fit.show,
    "sources": why_sources.show,
}

link_problems()
with st.container(horizontal=True, vertical_alignment="center", key="heading"):
    st.markdown(f"#### {say('why.heading')}", width="content")
    names = section("why_views")
    view = choice("why_view", {name: names[name] for name in VIEWS}, say("why.view"), is_named=False)
if patient.now().findings:
    chips("why")
    try:
        VIEWS[view]()
    except MilletError as error:
        trouble(error)
else:
    st.info(say("why.none"))
