"""Questions that take long: a bar and what is known so far, and nothing of either once the answer is there."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.support.waiting import MAX_SECONDS


def page():
    import streamlit as st

    from app_pages.shared.waiting import asked, so_far, tell

    def ask():
        for share in (0.0, 0.5):
            tell(share)
            so_far(lambda share=share: st.text(f"part {share}"))
        if st.query_params.get("is_wrong"):
            raise ValueError("wrong")
        return "whole"

    seen = []
    st.text, said = seen.append, st.text
    try:
        answer, place = asked(ask)
        with place:
            said(f"{answer} after {seen}")
    except ValueError as error:
        said(f"{error} after {seen}")
    finally:
        st.text = said


def told(**query):
    app = AppTest.from_function(page, default_timeout=MAX_SECONDS)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return [text.value for text in app.text], app.get("progress")


def test_parts_are_shown_below_the_bar_and_both_make_room_for_the_answer():
    assert told() == (["whole after ['part 0.0', 'part 0.5']"], [])


def test_an_error_takes_bar_and_parts_away():
    assert told(is_wrong="1") == (["wrong after ['part 0.0', 'part 0.5']"], [])
