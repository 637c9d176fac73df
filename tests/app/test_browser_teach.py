"""Every control of the screen Teach, used by hand: lessons begin, are committed to, drilled, made and given away."""

import re

import pytest
from playwright.sync_api import expect

from tests.app.hands import (
    answer,
    at_rest,
    changes,
    choose,
    control,
    download,
    press,
    seek,
    slide,
    unfold,
    write,
)

GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
MAIN = "[data-testid=stMain]"


def play(page, order="Nothing: I would stop here"):
    """Commit and reveal until everything is told; the model says nothing before the commit."""
    while True:
        at_rest(page)
        expect(page.locator(".mf-differential, .mf-answer, .mf-plot")).to_have_count(0)
        if not page.locator(".st-key-points [data-testid=stNumberInput]").count():
            choose(page, "points_rows", "Neurosarcoidosis")
            page.locator(".st-key-points [data-testid=stNumberInput]").wait_for()
            page.keyboard.press("Escape")
            at_rest(page)
        if page.locator("[class*=st-key-teach_order_]").count():
            key = page.locator("[class*=st-key-teach_order_]").first.get_attribute("class")
            choose(page, re.search(r"st-key-(teach_order_\d+)", key)[1], order)
            at_rest(page)
        press(page, "commit")
        page.wait_for_selector(".mf-differential")
        at_rest(page)
        if page.locator(".st-key-reveal_next").count() == 0:
            return
        press(page, "reveal_next")
        page.wait_for_selector(".st-key-commit")


def test_what_was_typed_last_counts_when_the_button_is_pressed_at_once(open_page):
    page = open_page("/teach?t=p.H005", ready=".st-key-commit")
    for row in ("Neurosarcoidosis", "CLIPPERS"):
        with changes(page, MAIN):
            choose(page, "points_rows", row)
    page.keyboard.press("Escape")
    key = page.locator("[class*=st-key-teach_order_]").first.get_attribute("class")
    choose(page, re.search(r"st-key-(teach_order_\d+)", key)[1], "Brain MRI with contrast")
    at_rest(page)
    control(page, "points_clippers").locator("input").fill("30")
    press(page, "commit")
    page.wait_for_selector(".mf-differential")
    page.wait_for_url(lambda url: "at=" in url)
    at_rest(page)
    assert re.search(r"CLIPPERS: you 74\s?%", page.locator(MAIN).inner_text())


@pytest.mark.uses("teach_example", "begin_published", "points_rows", "points_*", "teach_order_*", "commit")
@pytest.mark.uses("teach_view", "reveal_next", "drill_kind", "replay", "teach_sources", "leave")
def test_a_published_patient_is_met_played_and_left(open_page):
    page = open_page("/teach")
    answer(page, "teach_view", "One patient")
    page.wait_for_url("**view=patients**")
    choose(page, "teach_example", "H001")
    at_rest(page)
    press(page, "begin_published")
    control(page, "points_rows").wait_for()
    page.wait_for_url("**t=p.H001**")
    for row in ("Neurosarcoidosis", "CLIPPERS"):
        with changes(page, MAIN):
            choose(page, "points_rows", row)
    with changes(page, MAIN):
        write(page, "points_clippers", "60")
    page.keyboard.press("Escape")
    play(page)
    page.wait_for_url("**at=**")
    press(page, "share")
    given = page.locator("[data-testid=stPopoverBody] code").inner_text()
    assert "t=p.H001" in given
    assert "at=" not in given
    page.keyboard.press("Escape")
    page.get_by_text("Log score: you").first.wait_for()
    unfold(page, "teach_sources")
    control(page, "teach_sources").locator(".facts").first.wait_for()
    with changes(page, MAIN):
        answer(page, "drill_kind", "Premature closure")
    page.get_by_text("You would have stopped at stage 1").wait_for()
    answer(page, "drill_kind", "Anchoring")
    press(page, "replay")
    page.wait_for_selector(".st-key-commit")
    page.wait_for_url("**back=1**")
    press(page, "leave")
    page.wait_for_selector(".st-key-begin_published")
    expect(page).not_to_have_url(re.compile(r"\?t="))
    assert page.complaints == []


@pytest.mark.uses("begin_lesson_*_*", "plan_*")
def test_a_lesson_ready_to_run_is_opened_and_begins_with_its_patient(open_page):
    page = open_page("/teach")
    unfold(page, "plan_wrong")
    press(page, "begin_lesson_wrong_1")
    page.wait_for_url("**t=p.H**")
    page.wait_for_selector(".st-key-commit")
    assert page.complaints == []


@pytest.mark.uses(
    "surprise_difficulty", "surprise_topic", "surprise_model", "surprise_seed", "begin_surprise", "roster"
)
def test_a_patient_is_drawn_among_those_that_fit(open_page):
    page = open_page("/teach?view=patients")
    answer(page, "surprise_model", "fails")
    answer(page, "surprise_difficulty", "hard")
    choose(page, "surprise_topic", "infectious")
    write(page, "surprise_seed", "4")
    at_rest(page)
    unfold(page, "roster")
    page.locator(".roster").get_by_text("wrong: ").first.wait_for()
    press(page, "begin_surprise")
    page.wait_for_url("**t=p.H**")
    page.wait_for_selector(".st-key-commit")
    assert page.complaints == []


@pytest.mark.uses("teach_difficulty", "teach_seed", "begin_simulated", "drill_commit", "drill_points_rows")
@pytest.mark.uses("drill_points_*", "drill_clinic", "drill_disease", "drill_times")
def test_a_simulated_patient_is_drilled(open_page):
    page = open_page("/teach?view=patients")
    slide(page, "teach_difficulty", -8)
    write(page, "teach_seed", "7")
    at_rest(page)
    press(page, "begin_simulated")
    page.wait_for_url("**t=s.7.10**")
    play(page)
    answer(page, "drill_kind", "A finding missed")
    control(page, "drill_points_rows").wait_for()
    with changes(page, MAIN):
        choose(page, "drill_points_rows", "CLIPPERS")
    with changes(page, MAIN):
        write(page, "drill_points_clippers", "30")
    with changes(page, MAIN):
        press(page, "drill_commit")
    page.get_by_text("How far it moved").wait_for()
    answer(page, "drill_kind", "Base rates")
    control(page, "drill_disease").wait_for()
    for key, option in (("drill_disease", "Susac syndrome"), ("drill_times", "100 times")):
        with changes(page, MAIN):
            choose(page, key, option)
    with changes(page, MAIN):
        answer(page, "drill_clinic", "Flat")
    assert page.complaints == []


def fill(page, key, text):
    """Write into a field of several lines and leave it."""
    control(page, key).locator("textarea").fill(text)
    control(page, key).locator("textarea").press("Control+Enter")
    at_rest(page)


def upload(page, pattern, *files):
    """Choose files of these names and contents."""
    given = [{"name": name, "mimeType": "", "buffer": data} for name, data in files]
    page.locator(f"[class*=st-key-{pattern}] input[type=file]").set_input_files(given)


@pytest.mark.uses("search_educator", "found_educator_*", "chip_educator_*", "case_title", "case_truth")
@pytest.mark.uses(
    "case_vignette", "case_points", "case_pictures_*", "case_drop_*", "case_open_box", "case_open_*"
)
@pytest.mark.uses(
    "case_proof", "case_proven_by", "case_source", "stCode", "begin_own", "class_own", "at_door"
)
@pytest.mark.uses("worksheet_html", "worksheet_pdf", "key_html", "key_pdf", "case_download")
def test_a_case_is_made_given_away_and_opened_again(open_page, tmp_path):
    page = open_page("/teach?view=own&f=sex.male~fever.present")
    seek(page, "educator", "Uveitis")
    chips = "[class*=st-key-chip_educator_]"
    with changes(page, chips):
        answer(page, "found_educator_uveitis", "Present")
    with changes(page, chips):
        page.locator(".st-key-chip_educator_sex").get_by_role("button").click()
    for key, text in (("case_title", "An eye"), ("case_proven_by", "a biopsy"), ("case_source", "invented")):
        write(page, key, text)
    fill(page, "case_vignette", "A man with a red eye.")
    fill(page, "case_points", "Ask for the lungs")
    choose(page, "case_truth", "Neurosarcoidosis")
    page.get_by_test_id("stCode").wait_for()
    with changes(page, "[data-testid=stCode]"):
        choose(page, "case_proof", "Uveitis")
    page.keyboard.press("Escape")
    upload(
        page,
        "case_pictures_",
        ("a.gif", GIF),
        ("b.gif", GIF),
        ("fake.png", b"text"),
        ("big.gif", GIF + bytes(5_000_000)),
    )
    page.get_by_role("alert").get_by_text("big.gif: 5.0 MB").wait_for()
    expect(page.get_by_role("alert").get_by_text("fake.png: no picture")).to_have_count(1)
    # Pictures that come push down what is below them: a button that moves while it is pressed is not pressed.
    page.wait_for_function(
        "[...document.querySelectorAll('.stImage img')].filter(i => i.complete && i.naturalWidth).length === 2"
    )
    press(page, "case_drop_1")
    page.wait_for_function("!document.querySelector('.st-key-case_drop_1')")
    at_rest(page)
    assert (
        page.get_by_role("alert").get_by_text("big.gif: 5.0 MB").count() == 1
    )  # it stays until another file is chosen
    code = page.get_by_test_id("stCode")
    code.hover()
    code.get_by_role("button").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == code.inner_text().strip()
    pages = {}
    for key in ("worksheet_html", "worksheet_pdf", "key_html", "key_pdf", "case_download"):
        pages[key] = download(page, key, tmp_path).read_bytes()
    sheet, told = pages["worksheet_html"].decode(), pages["key_html"].decode()
    for word in ("An eye", "A man with a red eye.", "Fever: present", "Uveitis: present", "data:image/gif"):
        assert word in sheet
    for word in ("a biopsy", "invented", "Neurosarcoidosis", "Ask for the lungs"):
        assert word in told
        assert word not in sheet
    assert [pages[key][:4] for key in ("worksheet_pdf", "key_pdf")] == [b"%PDF"] * 2
    press(page, "class_own")
    page.locator(".st-key-classroom .vignette").get_by_text("A man with a red eye.").wait_for()
    press(page, "class_more")
    press(page, "class_end")
    page.wait_for_selector(".st-key-begin_own")
    press(page, "begin_own")
    page.wait_for_selector(".st-key-commit")
    page.locator("[data-testid=stImage] img").wait_for()
    assert page.get_by_test_id("stImageCaption").all_inner_texts() == ["Picture 1"]  # no name of a file
    choose(page, "points_rows", "CLIPPERS")
    page.keyboard.press("Escape")
    choose(page, "teach_order_0", "Nothing: I would stop here")
    at_rest(page)
    press(page, "commit")
    page.wait_for_selector(".mf-differential")
    at_rest(page)
    press(page, "reveal_next")
    page.wait_for_selector(".st-key-commit")
    unfold(page, "at_door")
    control(page, "at_door").get_by_text("A man with a red eye.").wait_for()
    control(page, "at_door").locator("img").wait_for()
    page.goto(link)
    page.wait_for_selector(".st-key-commit")
    page.get_by_text("A man with a red eye.").wait_for()

    again = open_page("/teach?view=own")
    unfold(again, "case_open_box")
    upload(again, "case_open_0", ("new.json", b'{"form": 99, "findings": {}}'))
    again.get_by_role("alert").get_by_text("another version of Millet").wait_for()
    upload(again, "case_open_0", ("state.json", b'{"form": 1, "id": "T", "findings": {"fever": "purple"}}'))
    again.get_by_role("alert").get_by_text("purple").wait_for()
    at_rest(again)
    upload(again, "case_open_0", ("An_eye.json", pages["case_download"]))
    again.get_by_test_id("stCode").wait_for()
    at_rest(again)
    expect(again.get_by_role("alert").get_by_text("another version")).to_have_count(0)
    assert again.get_by_test_id("stCode").inner_text().strip() == link
    expect(again.locator(".st-key-case_drop_0")).to_have_count(1)
    assert page.complaints == again.complaints == []


@pytest.mark.uses("undo_trouble")
def test_a_case_that_cannot_be_is_named_and_taken_back(open_page):
    page = open_page("/teach?view=own&f=enhancement_pattern.none")
    choose(page, "case_truth", "CLIPPERS")
    page.get_by_test_id("stCode").wait_for()
    seek(page, "educator", "Perivascular")
    answer(page, "found_educator_pvs_pattern", "Present")
    page.get_by_role("alert").get_by_text("cannot all be true").wait_for()
    press(page, "undo_trouble")
    page.get_by_test_id("stCode").wait_for()
