"""Screen 6, "Teach": a patient revealed order by order; the learner commits before the model shows its own."""

import streamlit as st

from app_pages.parts import (
    teach_choose,
    teach_commit,
    teach_drills,
    teach_educator,
    teach_feedback,
    teach_state,
)
from app_pages.parts.controls import link_problems
from app_pages.parts.texts import say
from model.errors import MilletError

lesson = teach_state.lesson()
link_problems()
st.markdown(f"#### {say('teach.heading')}")
try:
    if lesson is None:
        st.markdown(say("teach.how"))
        teach_choose.show()
        with st.expander(say("teach.educator"), key="educator"):
            teach_educator.show()
    else:
        teach_state.into_link(lesson)
        teach_commit.show(lesson)
        if teach_state.is_committed(lesson):
            teach_feedback.show(lesson)
        if teach_state.is_over(lesson):
            teach_feedback.summary(lesson)
            teach_drills.show(lesson)
except MilletError as error:
    st.error("\n\n".join([say("teach.trouble"), *error.problems]))
    st.button(say("teach.leave"), key="leave_trouble", on_click=teach_state.leave)
