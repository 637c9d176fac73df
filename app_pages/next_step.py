"""Screen 2, "What should be asked next?": findings, whole orders, and whether asking may stop."""

import streamlit as st

from app_pages.parts import next_findings, next_orders, next_stop, patient
from app_pages.parts.controls import chips, choice, link_problems, trouble
from app_pages.parts.texts import say, section
from model.errors import MilletError

VIEWS = {"findings": next_findings.show, "orders": next_orders.show, "stop": next_stop.show}

link_problems()
with st.container(horizontal=True, vertical_alignment="center", key="heading"):
    st.markdown(f"#### {say('next_step.heading')}", width="content")
    names = section("views")
    view = choice("view", {name: names[name] for name in VIEWS}, say("next_step.view"), is_named=False)
if patient.now().findings:
    chips("next")
try:
    VIEWS[view]()
except MilletError as error:
    trouble(error)
