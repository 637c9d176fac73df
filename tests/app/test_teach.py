"""Teach: commit before anything of the model is shown, feedback after it, links and worksheets of one's own cases."""

import base64
import json
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app_pages.shared import ballot
from app_pages.shared.texts import say
from app_pages.teach import state
from model import load_network, stages
from model.errors import MilletError

CASE = {"id": "A case", "findings": {"fever": "present", "sex": "male"}, "truth": "nmosd", "confirmatory": []}


def html(app):
    bodies = [block.proto.body for block in app.get("html") if not block.proto.body.startswith("<style")]
    return " ".join([*bodies, *(m.value for m in app.markdown)]).replace("\N{NO-BREAK SPACE}", " ")


def commit(app, order="stop"):
    """Consider two diagnoses, if none is yet, choose an order, if one is asked for, and commit."""
    if not app.multiselect(key="points_rows").value:
        app.multiselect(key="points_rows").set_value(["multiple_sclerosis", "other"]).run()
    for box in app.selectbox:
        if box.key.startswith("teach_order_"):
            box.set_value(order).run()
    app.button(key="commit").click().run()


def play(app):
    """Commit and reveal to the end; gives how many stages there were."""
    for n in range(1, 20):
        commit(app)
        assert not app.exception
        if not [b for b in app.button if b.key == "reveal_next"]:
            return n
        app.button(key="reveal_next").click().run()
    return 0


def test_a_published_patient_is_played_to_the_end(open_app):
    app = open_app("teach", view="patients")
    app.selectbox(key="teach_example").set_value("H010").run()
    app.button(key="begin_published").click().run()
    assert "mf-differential" not in html(app)
    assert play(app) == 5
    text = html(app)
    assert "Neurosarcoidosis" in text
    assert "Log score: you" in text
    assert "the model's answer changes by 0 %" in text
    assert "How the probability of Neurosarcoidosis went" in text


def test_nothing_of_the_model_is_told_before_the_commit(open_app):
    app = open_app("teach", t="p.H010")
    for _ in range(3):
        assert re.search(r"mf-(?!sketch|enhancing|lesion|dark)", html(app)) is None
        assert "%" not in html(app).replace(
            "That is: Multiple sclerosis 50 %, None of the listed diseases 50 %", ""
        )
        commit(app)
        assert "mf-differential" in html(app)
        app.button(key="reveal_next").click().run()


def test_points_are_turned_into_shares(open_app):
    app = open_app("teach", t="p.H010")
    assert app.button(key="commit").disabled
    assert app.multiselect(key="points_rows").value == []  # what stands there already would anchor
    assert say("teach.name_first") in html(app)
    app.multiselect(key="points_rows").set_value(["multiple_sclerosis", "other"]).run()
    app.number_input(key="points_multiple_sclerosis").set_value(30).run()
    assert "75 %" in html(app)
    app.multiselect(key="points_rows").set_value([]).run()
    assert app.button(key="commit").disabled
    app.multiselect(key="points_rows").set_value(["other"]).run()
    app.number_input(key="points_other").set_value(0).run()
    assert app.button(key="commit").disabled
    assert say("teach.no_points") in html(app)


def test_the_order_that_was_chosen_is_compared(open_app):
    app = open_app("teach", t="p.H010")
    assert app.button(key="commit").disabled  # an order, or to stop, is part of the commitment
    commit(app, "lumbar_puncture")
    assert "You chose Lumbar puncture" in html(app)
    assert "would be settled by **Brain MRI" in html(app)
    assert " bits" not in html(app)


def test_the_order_that_is_chosen_comes_next_where_the_patient_has_it(open_app):
    app = open_app("teach", t="p.H010")
    commit(app, "brain_mri")
    app.button(key="reveal_next").click().run()
    assert "Stage 2 of 5: Brain MRI with contrast" in html(app)
    commit(app, "audiometry")
    app.button(key="reveal_next").click().run()
    assert "No result of Audiometry is known of this patient. What comes instead: History." in html(app)
    assert "Audiometry" not in app.selectbox(key="teach_order_2").options


def test_a_page_that_is_loaded_again_goes_on_where_it_was(open_app):
    app = open_app("teach", t="p.H010")
    commit(app, "brain_mri")
    app.button(key="reveal_next").click().run()
    app.number_input(key="points_other").set_value(40).run()
    commit(app, "lumbar_puncture")
    again = open_app("teach", **{name: app.query_params[name] for name in ("t", "at")})
    assert again.session_state["lesson"] == app.session_state["lesson"]
    assert html(again) == html(app)
    again.button(key="reveal_next").click().run()
    assert play(again) == 3


def test_the_other_way_round_outlives_loading_the_page_again(open_app):
    app = open_app("teach", t="p.H010")
    commit(app, "brain_mri")
    app.button(key="reveal_next").click().run()
    n = 1 + play(app)
    app.button(key="replay").click().run()
    commit(app)
    app = open_app("teach", **{name: app.query_params[name] for name in ("t", "at", "back")})
    app.button(key="reveal_next").click().run()
    assert play(app) == n - 1
    assert app.session_state["lesson"].orders[0] == "stop"
    assert "of your belief moved" in html(app)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"stage": 9, "commits": [], "orders": [], "fixed": [], "earlier": {}},
        {"stage": 0, "commits": [{"nobody": 3}], "orders": ["stop"], "fixed": [], "earlier": {}},
        {"stage": 0, "commits": [{"nmosd": 3}], "orders": ["no_such"], "fixed": [], "earlier": {}},
        {"stage": 0, "commits": [{"nmosd": 3}], "orders": 3, "fixed": [], "earlier": {}},
        {"stage": 0, "commits": [{"nmosd": float("nan")}], "orders": ["stop"], "fixed": [], "earlier": {}},
    ],
)
def test_progress_that_cannot_be_read_is_said_and_the_lesson_begins(open_app, content):
    app = open_app("teach", t="p.H010", at=state.packed(content))
    assert not app.exception
    assert say("teach.bad_progress") in app.warning[0].value
    assert app.session_state["lesson"].stage == 0
    assert app.button(key="commit")


def test_only_what_is_still_open_counts_as_the_best_order(open_app):
    app = open_app("teach", t="p.H010")
    for order in ("audiometry", "echocardiography", "pet_ct"):
        commit(app, order)
        app.button(key="reveal_next").click().run()
    commit(app, "stop")
    told = re.search(r"would be settled by \*\*(.*?)\*\*", html(app))[1]
    assert told not in {"History", "Brain MRI with contrast", "Spine MRI"}


def test_scores_stand_before_the_proof_and_at_the_end(open_app):
    app = open_app("teach", t="p.H010")
    play(app)
    text = html(app)
    assert text.index("**Before the proof** you gave it") < text.index("**At the end** you gave it")
    drill(app, "closure")
    assert "You would have stopped at stage 1" in html(app)


def drill(app, kind):
    """Choose a drill."""
    [control] = [one for one in app.get("button_group") if one.key == "drill_kind"]
    control.set_value(kind).run()
    assert not app.exception


def test_the_learner_says_what_he_believes_without_a_finding_before_the_model_does(open_app):
    app = open_app("teach", t="p.H010")
    play(app)
    drill(app, "withheld")
    assert "Suppose **Biopsy of skin or lymph node" in html(app)
    assert "Without **" not in html(app)
    app.number_input(key="drill_points_other").set_value(90).run()
    app.button(key="drill_commit").click().run()
    assert "Without **Biopsy of skin or lymph node" in html(app)
    assert say("drill.directions") in html(app)
    [reply] = app.session_state["lesson"].replies.values()
    assert reply["other"] == 90


def test_the_learner_is_asked_anew_for_every_clinic_he_chooses(open_app):
    app = open_app("teach", t="p.H010")
    play(app)
    drill(app, "base_rate")
    app.selectbox(key="drill_disease").set_value("neurosarcoidosis").run()
    assert "**10 times** as common" in html(app)
    assert say("drill.base_rate_note") not in html(app)
    app.button(key="drill_commit").click().run()
    assert say("drill.base_rate_note") in html(app)
    told = re.findall(
        r"Neurosarcoidosis: your odds unchanged, those of the model (\S+) times higher", html(app)
    )
    assert told[-1] == "10"  # ten times as common: ten times the odds
    [usual] = app.session_state["lesson"].replies
    assert usual == "clinic neurosarcoidosis~10"
    app.selectbox(key="drill_times").set_value(0.1).run()
    assert app.button(key="drill_commit")
    app.button(key="drill_commit").click().run()
    assert len(app.session_state["lesson"].replies) == 2
    [kind] = [one for one in app.get("button_group") if one.key == "drill_clinic"]
    kind.set_value("flat").run()
    app.button(key="drill_commit").click().run()
    assert not app.exception
    assert "clinic flat" in app.session_state["lesson"].replies


def test_the_same_patient_comes_the_other_way_round_and_both_ends_are_compared(open_app):
    app = open_app("teach", t="p.H010")
    n = play(app)
    forwards = orders(app)
    app.button(key="replay").click().run()
    assert app.query_params["back"] == "1"
    app.multiselect(key="points_rows").set_value(["multiple_sclerosis", "other"]).run()
    app.number_input(key="points_multiple_sclerosis").set_value(30).run()
    assert play(app) == n
    assert orders(app)[1:-1][::-1] == forwards[1:-1]
    text = html(app)
    assert "**25 %** of your belief moved" in text
    assert "Of the model's, nothing" in text


def orders(app):
    """Orders of the lesson under way, stage by stage."""
    lesson = app.session_state["lesson"]
    return [stage.order for stage in stages(load_network(), lesson.case, backwards=lesson.is_backwards)]


def test_the_starting_point_is_judged_by_the_prior(open_app):
    app = open_app("teach", t="p.H010")
    commit(app)
    text = html(app)
    assert say("teach.prior") in text
    assert "None of the listed diseases: you 49 %" in text
    assert "times higher" in text


def test_an_educator_edits_the_case_where_he_makes_it(open_app):
    app = open_app("teach", view="own")
    assert say("teach.build_first") in [info.value for info in app.info]
    app.text_input(key="search_educator").set_value("fever").run()
    [control] = [one for one in app.get("button_group") if one.key == "found_educator_fever"]
    control.set_value("present").run()
    assert app.session_state["known"].findings == {"fever": "present"}
    assert app.button(key="chip_educator_fever")


def test_a_class_is_told_of_votes_and_a_clinic_where_another_diagnosis_might_lead(open_app):
    app = open_app("teach")
    app.button(key="class_lesson_base_rates").click().run()
    room = ballot.ROOMS.find(app.session_state["class"])
    for choice in ("nmosd", "susac_syndrome"):
        app.button(key="class_next").click().run()
        assert room.vote("ballot000001", room.turn, "diagnosis", choice)
        app.button(key="class_next").click().run()
    text = html(app)
    assert "Neuromyelitis optica spectrum disorder: votes 100 %, now 0 %; the model" in text
    assert "your odds" not in text
    while room.held["at"].phase != "end":
        app.button(key="class_next").click().run()
    app.session_state["class_try_clinic"] = True  # unfolded
    app.run()
    last = room.held["at"].lesson
    second = stages(load_network(), last.case)[-1].probabilities.argsort()[-2]
    assert app.selectbox(key="drill_disease").value == load_network().knowledge.rows[second]
    ballot.ROOMS.close(room.code)


def test_a_class_shares_a_simulated_patient_by_its_number(open_app):
    apps = [open_app("teach", t="s.7.40") for _ in range(2)]
    texts = [html(app) for app in apps]
    assert texts[0] == texts[1]
    assert apps[0].query_params["t"] == "s.7.40"
    play(apps[0])


def test_a_case_of_ones_own_becomes_a_link_and_a_worksheet(open_app):
    app = open_app("teach", view="own", f="fever.present~sex.male~serum_aqp4_igg.positive")
    app.selectbox(key="case_truth").set_value("nmosd").run()
    app.multiselect(key="case_proof").set_value(["serum_aqp4_igg"]).run()
    spelled = app.code[0].value.partition("t=")[2]
    assert "nmosd" not in spelled
    other = open_app("teach", t=spelled)
    assert not other.exception
    assert other.session_state["lesson"].case.truth == "nmosd"
    assert play(other) >= 2


@pytest.mark.parametrize(
    "text",
    [
        "p.H999",
        "s.x.y",
        "s.1.101",
        "c.!!!",
        "c.",
        "c.eJyLrgUAARUAuQ",
        "q.1",
        "c." + "A" * 7000,
        "s.1234567890.5",
    ],
)
def test_a_link_that_cannot_be_read_leaves_a_usable_page(open_app, text):
    app = open_app("teach", t=text)
    assert not app.exception
    assert app.warning
    app.button(key="begin_lesson_wrong_1").click().run()
    assert app.button(key="commit")


def test_a_packed_bomb_is_refused():
    bomb = state.packed({"id": "x" * 500_000, "findings": {}})
    assert len(bomb) < 6000
    with pytest.raises(MilletError):
        state.unpacked(bomb)


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_any_title_survives_the_link(title):
    if not title.strip():
        return
    case = state.unpacked(state.packed({**CASE, "id": title}))
    assert case.id == title.strip()
    assert dict(case.findings) == CASE["findings"]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_a_packed_case(text):
    try:
        case = state.unpacked(text)
    except MilletError:
        return
    assert case.findings is not None


@pytest.mark.parametrize(
    "content", ['{"findings": 3}', json.dumps({"findings": {}, "truth": "no_such"}), "[]", "3"]
)
def test_a_packed_text_that_is_no_case_is_refused(content):
    packed = base64.urlsafe_b64encode(zlib.compress(content.encode())).decode()
    with pytest.raises(MilletError):
        state.unpacked(packed)


def test_a_finding_that_is_no_number_ends_in_a_message(open_app):
    packed = base64.urlsafe_b64encode(zlib.compress(b'{"findings": {"age_years": NaN}}')).decode()
    app = open_app("teach", t=f"c.{packed}")
    assert not app.exception
    assert app.warning


def test_a_text_that_is_too_long_for_a_case_is_said_and_kept(open_app):
    app = open_app("teach", view="own", f="fever.present~sex.male")
    app.selectbox(key="case_truth").set_value("clippers").run()
    assert app.get("download_button")
    app.text_area(key="case_vignette").set_value("x" * 1501).run()
    assert [one.value for one in app.error] == [
        "Vignette: what is told at the door: 1501 characters; a case has at most 1500; shorten it"
    ]
    assert not app.get("download_button")
    assert app.text_area(key="case_vignette").value == "x" * 1501
    app.text_area(key="case_vignette").set_value("x" * 1500).run()
    app.text_input(key="case_title").set_value("x" * 81).run()
    app.text_input(key="case_source").set_value("x" * 301).run()
    assert [one.value for one in app.error] == [
        "Title: 81 characters; a case has at most 80; shorten it",
        "Source (for the key): 301 characters; a case has at most 300; shorten it",
    ]
    app.text_input(key="case_title").set_value("x" * 80).run()
    app.text_input(key="case_source").set_value("x" * 300).run()
    assert not app.error
    assert app.get("download_button")
