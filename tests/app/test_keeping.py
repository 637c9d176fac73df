"""What outlives a visit to another screen."""

from app_pages.shared import keeping


def test_what_is_not_on_the_page_is_what_was_kept_and_what_is_on_it_what_was_answered(monkeypatch):
    """Streamlit forgets what a control held that is not drawn, and finds again what was set before it was answered."""
    session = {
        "lasting": {"case_title": "answered"},
        "case_title": "set before",
        "on_page": ("", frozenset()),
    }
    monkeypatch.setattr(keeping.st, "session_state", session)
    keeping.bring_back()
    assert session["case_title"] == "answered"
    session |= {"on_page": ("", frozenset({"case_title"})), "case_title": "answered again"}
    keeping.bring_back()
    assert session["lasting"]["case_title"] == session["case_title"] == "answered again"
    session |= {"on_page": ("another screen", frozenset({"case_title"})), "case_title": "set before"}
    keeping.bring_back()
    assert session["case_title"] == "answered again"
    del session["case_title"]
    keeping.bring_back()
    assert session["case_title"] == "answered again"


def test_what_is_given_to_a_control_from_outside_holds_before_it_is_drawn(monkeypatch):
    session = {"lasting": {"case_truth": "clippers"}, "on_page": ("", frozenset())}
    monkeypatch.setattr(keeping.st, "session_state", session)
    keeping.keep({"case_truth": "nmosd"})
    keeping.bring_back()
    assert session["case_truth"] == "nmosd"
