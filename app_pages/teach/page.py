"""Screen 6, "Teach": a patient revealed order by order; the learner commits before the model shows its own."""

from pathlib import Path

import streamlit as st

from app_pages.shared.controls import link_problems, trouble
from app_pages.shared.texts import say
from app_pages.teach import choose, class_state, classroom, commit, drills, feedback, state
from model.errors import MilletError

STYLE = Path(choose.__file__).with_name("style.css").read_text(encoding="utf-8")

st.html(f"<style>{STYLE}</style>")
room = class_state.room()
lesson = None if room else state.lesson()
link_problems()
try:
    if room is not None:
        class_state.into_link(room)
        classroom.show(room)
    elif lesson is None:
        st.markdown(f"#### {say('teach.heading')}")
        st.markdown(say("teach.how"))
        choose.show()
    else:
        state.into_link(lesson)
        commit.show(lesson)
        if state.is_committed(lesson):
            feedback.show(lesson)
        if state.is_over(lesson):
            feedback.summary(lesson)
            drills.show(lesson)
except MilletError as error:
    trouble(error)
