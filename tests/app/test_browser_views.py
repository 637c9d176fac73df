"""Every control of Next step, Why, Robustness, Compare and Knowledge, used by hand: each does what it says."""

import csv
import io
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
    look_up,
    pick,
    press,
    saved,
    slide,
    unfold,
    write,
)
from tests.app.test_browser_case import PATIENT
from tests.app.test_next_step import SURE

WORKING = """([bar, old]) => document.querySelector(bar)
  && ![...document.querySelectorAll(old)].some(one => one.checkVisibility())"""
"""A bar is shown, and nothing of what was there before."""


def cleared(page, key, view, old):
    """Open a view that takes long: what was there is cleared while it works."""
    at_rest(page)
    answer(page, key, view)
    page.wait_for_function(WORKING, arg=["[data-testid=stProgress]", old])
    page.wait_for_selector("[data-testid=stProgress]", state="detached")
    at_rest(page)


@pytest.mark.uses("target", "order", "worth", "worth_counted", "bits_*", "show_all", "next_*", "chip_view_*")
def test_findings_are_ranked_looked_at_and_recorded(open_page):
    page = open_page(f"/next_step?{PATIENT}")
    bars = "[class*=st-key-bits_]"
    with changes(page, ".mf-answer"):
        page.locator(bars).nth(2).get_by_role("button").click()
    with changes(page, ".st-key-bars_bits"):
        answer(page, "target", "Groups")
    unfold(page, "worth_counted")
    with changes(page, ".st-key-bars_bits"):
        answer(page, "worth", "Bits")
    page.get_by_text(" bits").first.wait_for()
    short = page.locator(bars).count()
    with changes(page, ".st-key-bars_bits"):
        control(page, "show_all").get_by_text("Show all").click()
    long = page.locator(bars).count()
    assert long > short
    with changes(page, ".st-key-bars_bits"):
        choose(page, "order", "Lumbar puncture")
    assert page.locator(bars).count() < long
    with changes(page, "[class*=st-key-chip_view_]"):
        page.locator("[class*=st-key-next_] :is([role=radio], button)").first.click()
    with changes(page, "[class*=st-key-chip_view_]"):
        page.locator(".st-key-chip_view_sex").get_by_role("button").click()
    expect(page).not_to_have_url(re.compile(r"sex"))
    assert page.complaints == []


@pytest.mark.uses(
    *(
        "rank",
        "worth",
        "worth_counted",
        "order_*",
        "show_all_orders",
        "terms_*",
        "term_*_*",
        "available_*",
        "budget",
        "make_plan",
    )
)
def test_orders_are_ranked_priced_and_planned(open_page):
    page = open_page(f"/next_step?{PATIENT}&view=orders", ready=".st-key-bars_order")
    bars = "[class*=st-key-order_]"
    with changes(page, ".st-key-bars_order"):
        answer(page, "rank", "… for its cost")
    unfold(page, "worth_counted")
    with changes(page, ".st-key-bars_order"):
        answer(page, "worth", "Bits")
    short = page.locator(bars).count()
    with changes(page, ".st-key-bars_order"):
        control(page, "show_all_orders").get_by_text("Show all").click()
    assert page.locator(bars).count() > short
    page.locator(".st-key-order_chest_ct").get_by_role("button").click()
    unfold(page, "terms_chest_ct")
    with changes(page, ".st-key-order_chest_ct"):
        write(page, "term_cost_chest_ct", "7")
    page.locator(".st-key-order_chest_ct").get_by_text("cost 7").wait_for()
    with changes(page, ".st-key-bars_order"):
        control(page, "available_chest_ct").get_by_text("Available here").click()
    page.locator(bars).last.get_by_text("not available here").wait_for()
    page.get_by_role("button", name="Trial of corticosteroids").click()
    page.get_by_text("contraindicated in tuberculosis").wait_for()
    write(page, "budget", "4")
    press(page, "make_plan")  # at once: what was written last counts
    page.wait_for_function("document.querySelector('[data-testid=stProgress], .mf-plan')")
    page.wait_for_selector(".mf-plan")
    assert page.complaints == []


@pytest.mark.uses("view", "threshold", "settle_*")
def test_a_threshold_is_moved_and_an_order_that_could_do_is_opened(open_page):
    page = open_page(f"/next_step?{PATIENT}")
    answer(page, "view", "When to stop")
    page.wait_for_selector(".st-key-bars_settle")
    with changes(page, ".st-key-bars_settle"):
        slide(page, "threshold", -4)
    with changes(page, "[data-testid=stMain] h4"):
        page.locator("[class*=st-key-settle_]").nth(1).get_by_role("button").click()
    assert page.complaints == []


@pytest.mark.uses(
    "why_view", "why_diagnosis", "why_kind", "why_unit", "why_counted", "paragraph", "chip_why_view_*"
)
def test_an_explanation_is_turned_round(open_page):
    page = open_page(f"/why?{PATIENT}")
    figure = ".mf-waterfall"
    with changes(page, figure):
        choose(page, "why_diagnosis", "Susac syndrome")
    unfold(page, "why_counted")
    with changes(page, figure):
        answer(page, "why_kind", "As entered")
    with changes(page, figure):
        answer(page, "why_unit", "Decibans")
    unfold(page, "paragraph")
    control(page, "paragraph").get_by_text("Susac syndrome").first.wait_for()
    with changes(page, figure):
        page.locator("[class*=st-key-chip_why_view_]").first.get_by_role("button").click()
    answer(page, "why_view", "Does it fit?")
    page.get_by_text("Do the findings fit together?").wait_for()
    assert page.complaints == []


@pytest.mark.uses("contrast_first", "contrast_second", "contrast_sources", "source_diagnosis", "why_view")
def test_two_diagnoses_are_held_against_each_other_and_sources_read(open_page):
    page = open_page(f"/why?{PATIENT}&view=contrast", ready=".mf-contrast")
    for key, diagnosis in (
        ("contrast_first", "Susac syndrome"),
        ("contrast_second", "Vitamin B12 deficiency"),
    ):
        with changes(page, ".mf-contrast"):
            choose(page, key, diagnosis)
    unfold(page, "contrast_sources")
    control(page, "contrast_sources").locator(".facts").first.wait_for()
    answer(page, "why_view", "Sources")
    control(page, "source_diagnosis").wait_for()
    with changes(page, "[data-testid=stMain]"):
        choose(page, "source_diagnosis", "Susac syndrome")
    assert page.complaints == []


@pytest.mark.uses("robust_view", "number_first", "two_numbers", "number_second", "chip_robust_view_*")
def test_the_robustness_of_an_answer_is_looked_at(open_page):
    page = open_page(f"/robustness?{PATIENT}")
    answer(page, "robust_view", "What it hangs on")
    control(page, "number_first").wait_for()
    at_rest(page)
    with changes(page, "[data-testid=stMain]"):
        pick(page, "number_first", 3)
    unfold(page, "two_numbers")
    with changes(page, "[data-testid=stMain]"):
        pick(page, "number_second", 5)
    with changes(page, "[class*=st-key-chip_robust_view_]"):
        page.locator("[class*=st-key-chip_robust_view_]").first.get_by_role("button").click()
    assert page.complaints == []


@pytest.mark.uses("what_if_number", "what_if_share")
def test_a_number_is_changed_in_every_draw_and_the_answer_follows(open_page):
    page = open_page(f"/robustness?{PATIENT}&view=what_if", ready=".st-key-what_if_number")
    at_rest(page)
    tables = page.locator("[data-testid=stMain] .mf-differential")
    expect(tables).to_have_count(1)  # the number that the model has: the answer that it gives
    with changes(page, "[data-testid=stMain]"):
        slide(page, "what_if_share", 12)
    before, after = (tables.nth(i).inner_text() for i in range(2))
    assert before != after
    with changes(page, "[data-testid=stMain]"):
        pick(page, "what_if_number", 4)
    expect(tables).to_have_count(1)
    assert page.complaints == []


@pytest.mark.uses("goal_kind", "goal_first", "goal_second", "goal_share", "sweep_diagnosis")
def test_goals_are_set_and_a_prior_is_swept(open_page):
    page = open_page(f"/robustness?{PATIENT}&view=goal", ready=".st-key-goal_first")
    below = "[data-testid=stMain]"
    with changes(page, below):
        choose(page, "goal_first", "Vitamin B12 deficiency")
    with changes(page, below):
        choose(page, "goal_second", "Susac syndrome")
    with changes(page, below):
        answer(page, "goal_kind", "Reach a probability")
    slide(page, "goal_share", -6)
    answer(page, "robust_view", "Prior")  # at once, while the goal is worked out
    control(page, "sweep_diagnosis").wait_for()
    with changes(page, below):
        choose(page, "sweep_diagnosis", "Susac syndrome")
    assert page.complaints == []


@pytest.mark.uses("robust_view")
def test_a_long_view_is_cleared_at_once_and_tells_how_far_it_is(open_page):
    page = open_page(f"/robustness?{PATIENT}")
    cleared(page, "robust_view", "Other assumptions", ".mf-ranks")
    page.get_by_text("Assumptions switched").first.wait_for()
    cleared(page, "robust_view", "What to look up", ".mf-switches")
    assert page.complaints == []


@pytest.mark.uses("drivers")
def test_the_numbers_that_decide_who_leads_are_worked_out_on_request(open_page):
    page = open_page(f"/robustness?{PATIENT}")
    at_rest(page)
    control(page, "drivers").get_by_text("Work out").click()
    page.get_by_text("What decides who comes first").first.wait_for()
    at_rest(page)
    figure = page.locator("figure.mf-figure").filter(has_text="What decides who comes first")
    assert figure.locator("[role=row]").count() >= 1
    assert "alone" in figure.inner_text()
    assert page.complaints == []


@pytest.mark.uses("keep", "swap", "chip_compare_*")
def test_a_patient_is_kept_changed_and_exchanged(open_page):
    page = open_page(f"/compare?{PATIENT}")
    main = "[data-testid=stMain]"
    with changes(page, main):
        press(page, "keep")
    chips = "[class*=st-key-chip_compare_]"
    with changes(page, chips):
        page.locator(".st-key-chip_compare_sex").get_by_role("button").click()
    page.get_by_text("not known").first.wait_for()
    expect(page.locator(chips)).to_have_count(3)
    with changes(page, chips):
        press(page, "swap")
    expect(page.locator(chips)).to_have_count(4)
    assert page.complaints == []


@pytest.mark.uses("knowledge_view", "map_order", "map_row", "map_cited", "map_finding", "drawing_order")
@pytest.mark.uses("drawing_mechanism", "pair_*")
def test_the_knowledge_is_filtered_and_drawn(open_page):
    page = open_page(f"/knowledge?{PATIENT}")
    with changes(page, ".mf-map"):
        look_up(page, "map_finding", "Tick bite")
    expect(page.locator(".mf-map")).to_contain_text("Tick bite")  # the map of another examination
    with changes(page, "[data-testid=stMain]"):
        pick(page, "map_finding", 1)
    for key, option in (("map_order", "Lumbar puncture"), ("map_row", "CLIPPERS")):
        with changes(page, ".mf-map"):
            choose(page, key, option)
    with changes(page, ".mf-map"):
        answer(page, "map_cited", "Nothing")
    answer(page, "knowledge_view", "Network")
    control(page, "drawing_order").wait_for()
    for key, option in (("drawing_order", "Lumbar puncture"), ("drawing_mechanism", "Meningeal disease")):
        with changes(page, "[data-testid=stMain]"):
            choose(page, key, option)
    answer(page, "knowledge_view", "Look-alikes")
    page.wait_for_selector(".st-key-bars_pair")
    with changes(page, "[data-testid=stMain] h5"):
        page.locator("[class*=st-key-pair_]").nth(1).get_by_role("button").click()
    expect(page.locator("[class*=st-key-chip_]")).to_have_count(0)  # the same for every patient
    assert page.complaints == []


@pytest.mark.uses(
    "facts_row", "facts_source", "facts_text", "stDataFrame", "facts_csv", "unknown_row", "unknown_csv"
)
def test_facts_are_filtered_and_taken_away(open_page, tmp_path):
    page = open_page("/knowledge?view=facts", ready=".st-key-facts_csv")
    for key, option in (("facts_row", "CLIPPERS"), ("facts_source", "Brain miliary enhancement")):
        with changes(page, "[data-testid=stMain]"):
            choose(page, key, option)
    with changes(page, "[data-testid=stMain]"):
        write(page, "facts_text", "pons")
    filtered = rows(download(page, "facts_csv", tmp_path))
    assert filtered
    assert {row["diagnosis"] for row in filtered} == {"CLIPPERS"}
    assert all("pons" in " ".join(row.values()).lower() for row in filtered)
    assert len(rows(from_table(page, tmp_path))) == len(filtered)
    answer(page, "knowledge_view", "What is not known")
    control(page, "unknown_row").wait_for()
    with changes(page, "[data-testid=stMain]"):
        choose(page, "unknown_row", "Susac syndrome")
    shown = rows(from_table(page, tmp_path))
    assert {row["Diagnosis"] for row in shown} == {"Susac syndrome"}
    assert len(rows(download(page, "unknown_csv", tmp_path))) == len(
        shown
    )  # fewer than are left out of the table
    assert page.complaints == []


def rows(path):
    """Lines of a CSV file."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def from_table(page, folder):
    """What a table itself offers to download."""
    page.evaluate("delete window.showSaveFilePicker")  # the dialog of the desktop, which no test can answer
    table = page.get_by_test_id("stDataFrame")
    table.hover()
    with page.expect_download() as waiting:
        table.get_by_role("button", name="Download as CSV").click()
    return saved(waiting.value, folder)


@pytest.mark.uses("nonetheless")
def test_what_is_worth_little_is_shown_on_request(open_page):
    page = open_page(f"/next_step?{SURE}", ready=".st-key-nonetheless")
    at_rest(page)
    expect(page.locator("[class*=st-key-bits_]")).to_have_count(0)
    control(page, "nonetheless").get_by_text("Show what is still open").click()
    expect(page.locator("[class*=st-key-bits_]")).to_have_count(10)


def test_on_a_telephone_what_is_chosen_from_a_list_comes_into_view(open_page):
    page = open_page(f"/next_step?{PATIENT}", width=375, height=812)
    at_rest(page)
    chosen = page.locator("[class*=st-key-bits_] button").nth(2)
    name = chosen.locator("p").inner_text().splitlines()[0]
    chosen.click()
    heading = page.get_by_role("heading", name=name)
    expect(heading).to_be_in_viewport()
    assert heading.bounding_box()["y"] < 300


def test_of_many_facts_a_few_stand_open(open_page):
    page = open_page(f"/why?{PATIENT}&view=sources", ready=".facts")
    at_rest(page)
    folded = page.locator("details:has(.facts)").first
    expect(folded.locator("li").first).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.locator("li").first).to_be_visible()
    n = int(folded.locator("summary").inner_text().split()[0])
    assert folded.locator("li").count() == n


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_three_priors_stand_beside_each_other_on_a_tablet_without_touching(open_page, spoken):
    link = f"/robustness?{PATIENT}&view=prior&lang={spoken}"
    page = open_page(link, width=768, height=900, ready=".stColumn .mf-differential")
    at_rest(page)
    page.locator(".stColumn .mf-differential").nth(2).wait_for()
    out = """[...document.querySelectorAll('.stColumn :is(h5, .mf-differential [role=row] > *)')]
        .filter(e => e.getBoundingClientRect().right > e.closest('.stColumn').getBoundingClientRect().right + 1)
        .map(e => e.innerText)"""
    assert page.locator(".stColumn .mf-differential [role=row]").count() > 12
    assert page.evaluate(out) == []
    assert page.complaints == []


def test_what_was_chosen_is_shown_and_holds_after_two_other_screens(open_page):
    page = open_page("/knowledge")
    choose(page, "map_order", "Spine MRI")
    answer(page, "map_cited", "Cohorts")
    at_rest(page)
    rows = page.locator(".mf-map tbody th")
    seen = rows.all_inner_texts()
    for words, key in (("About", ".about"), ("Compare", ".st-key-keep"), ("Teach", ".st-key-case_title")):
        control(page, "links").get_by_text(words, exact=True).click()
        if words == "Teach":
            answer(page, "teach_view", "A case of my own")
            write(page, "case_title", "Kept")
        page.wait_for_selector(key)
        at_rest(page)
    for words, key in (("About", ".about"), ("Compare", ".st-key-keep"), ("Knowledge", ".mf-map")):
        control(page, "links").get_by_text(words, exact=True).click()
        page.wait_for_selector(key)
        at_rest(page)
    assert control(page, "map_order").get_by_role("combobox").input_value() == "Spine MRI"
    assert control(page, "map_cited").locator("[aria-checked=true]").inner_text() == "Cohorts"
    assert rows.all_inner_texts() == seen
    control(page, "links").get_by_text("Teach", exact=True).click()
    page.wait_for_selector(".st-key-case_title input")
    at_rest(page)
    expect(control(page, "case_title").locator("input")).to_have_value("Kept")
    assert page.complaints == []


def test_a_long_finding_has_its_words_beside_its_cross_on_a_telephone(open_page):
    page = open_page("/why?f=cord_lesion_length.short~sex.female&lang=de", width=375, height=812)
    at_rest(page)
    chips = page.locator(".st-key-known_above .st-key-chips button:visible")
    assert chips.count() == 2
    for chip in chips.all():
        ends = chip.evaluate(
            """chip => [chip.querySelector('p').getBoundingClientRect().right,
                chip.querySelector('[data-testid=stIconMaterial]').getBoundingClientRect().left]"""
        )
        assert ends[0] <= ends[1] + 1


@pytest.mark.parametrize(("theme", "seen"), [("dark", "invert"), ("light", "none")])
def test_a_table_of_a_dark_window_is_light_on_paper(open_page, theme, seen):
    page = open_page("/knowledge?view=facts", theme=theme, ready="[data-testid=stDataFrame] canvas")
    filtered = "getComputedStyle(document.querySelector('[data-testid=stDataFrame] canvas')).filter"
    assert page.evaluate(filtered) == "none"
    page.emulate_media(media="print", color_scheme=theme)
    assert page.evaluate(filtered).startswith(seen)
