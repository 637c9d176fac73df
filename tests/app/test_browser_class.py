"""A whole class in the browser: the teacher, three ballots, sixty telephones, the page loaded again in the middle."""

import json
import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from playwright.sync_api import expect

from tests.app.hands import at_rest, choose, control, look_up, press, unfold

N_PHONES = 60
PHONE = {"width": 375, "height": 812}


@pytest.fixture
def phone(browser):
    """Open a ballot on a telephone of its own, which shares nothing with the others."""
    contexts = []

    def open_(address):
        context = browser.browser.new_context(viewport=PHONE)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()


def heading(page):
    return page.locator(".st-key-class_head h2").inner_text()


def step(page, key):
    """Press a key, or the button of that key, and wait until the class has moved on."""
    seen = "() => document.querySelector('.st-key-class_head').innerText.replace(/\\d+:\\d\\d/, '')"
    before = page.evaluate(seen)
    press(page, key) if key.startswith("class_") else page.keyboard.press(key)
    page.wait_for_function(f"before => ({seen})() !== before", arg=before)
    at_rest(page)


def lead(page, kind):
    """Begin a class, and go on to its first vote; gives the code of the room."""
    press(page, f"class_{kind}")
    page.wait_for_selector(".st-key-classroom")
    at_rest(page)
    return re.search(r"class=([A-Z0-9]+)", page.url)[1]


def end(page, *, below="class_more"):
    """End the class, which is out of the way of a hand that looks for the next step until there is none."""
    press(page, below)
    press(page, "class_end")
    page.wait_for_selector(".st-key-teach_view")


def tell(phone, question, choice):
    """Tap a choice by its words, and wait until it has been taken down and gives way to the next question."""
    phone.get_by_label(choice, exact=True).check()
    phone.locator(f"[data-question={question}] b").get_by_text(choice).wait_for()
    phone.wait_for_function("/^Taken down/.test(document.getElementById('status').textContent)")


@pytest.mark.uses(
    "class_lesson_*",
    "class_next",
    "class_back",
    "class_end",
    "class_rows_*",
    "class_hands",
    "class_hands_*_*",
    "class_order_*",
    "class_hidden",
)
def test_a_whole_class(open_page, phone, server):
    page = open_page("/teach")
    code = lead(page, "lesson_decisive")
    expect(control(page, "screens")).to_be_hidden()
    step(page, "ArrowRight")
    assert heading(page).startswith("Stage 1 of")
    phones = [phone(f"{server}/ballot/{code}") for _ in range(3)]
    control(page, "class_hidden").locator("label").first.click()
    page.locator(".voted").wait_for()
    phones[0].get_by_text("Stage 1 of").wait_for()
    for one, choice in zip(phones, ("Neurosarcoidosis", "Neurosarcoidosis", "Susac syndrome"), strict=True):
        tell(one, "diagnosis", choice)
        tell(one, "order", "Physical examination")
        expect(one.locator("details[open]")).to_have_count(0)
    page.wait_for_function("document.querySelector('.voted')?.textContent === 'Voted: 3'")
    expect(page.locator(".tally")).to_have_count(0)
    control(page, "class_hidden").locator("label").first.click()
    page.wait_for_function("document.querySelector('.tally b')?.textContent === '2'")
    at_rest(page)
    phones[1].reload()
    phones[1].locator("[data-question=diagnosis] b").get_by_text("Neurosarcoidosis").wait_for()

    unfold(page, "class_hands")
    at_rest(page)
    for row in ("Neurosarcoidosis", "CNS lymphoma", "CLIPPERS"):
        look_up(page, "class_rows_0_0", row)
        page.keyboard.press("Escape")
        at_rest(page)
    control(page, "class_rows_0_0").get_by_role("button", name="Remove CNS lymphoma").click()
    at_rest(page)
    plus = control(page, "class_hands_0_0_neurosarcoidosis").get_by_test_id("stNumberInputStepUp")
    for _ in range(3):
        plus.click()
    page.wait_for_function("document.querySelector('.tally b')?.textContent === '5'")
    choose(page, "class_order_0_0", "Brain MRI with contrast")
    at_rest(page)
    page.evaluate("document.activeElement.blur()")
    step(page, " ")
    page.locator(".st-key-classroom .mf-answer").wait_for()
    unfold(page, "class_try_sure")
    control(page, "class_try_sure").locator(".mf-differential").wait_for()
    at_rest(page)
    phones[0].wait_for_function("!document.querySelector('input')")

    page.reload()
    page.wait_for_selector(".st-key-classroom")
    at_rest(page)
    assert heading(page).startswith("Stage 1 of")
    step(page, "class_back")
    page.wait_for_function("document.querySelector('.tally b')?.textContent === '5'")
    phones[0].locator("[data-question=diagnosis]").get_by_text("change").click()
    phones[0].wait_for_selector("input[name=diagnosis]:checked")
    unfold(page, "class_hands")
    counted = control(page, "class_rows_0_0").locator("[data-tag]").all_inner_texts()
    assert [one.strip() for one in counted] == ["Neurosarcoidosis", "CLIPPERS"]
    assert control(page, "class_order_0_0").get_by_role("combobox").input_value() == "Brain MRI with contrast"
    step(page, "class_next")
    step(page, "PageDown")
    assert heading(page).startswith("Stage 2 of")
    phones[2].wait_for_function("document.querySelector('input') && !document.querySelector('input:checked')")

    end(page)
    phones[0].wait_for_function("/^This class is over/.test(document.getElementById('status').textContent)")
    phones[0].reload()
    assert phones[0].locator("#status").inner_text().startswith("This class is over")
    assert phones[0].evaluate("localStorage.length") == 0
    assert page.complaints == []


@pytest.mark.uses("class_more", "class_minutes_*")
def test_the_clock_counts_down_from_the_minutes_of_the_lesson_and_says_when_they_are_over(open_page):
    page = open_page("/teach")
    lead(page, "lesson_decisive")
    page.wait_for_function("/^[0-5]:[0-5]\\d left$/.test(document.querySelector('.clock').innerText)")
    press(page, "class_more")
    field = page.locator("[class*=st-key-class_minutes_] input")
    expect(field).to_have_value("5")
    for minutes, said in (("0", "so far"), ("90", "left")):
        field.fill(minutes)
        field.press("Enter")
        page.wait_for_function("s => document.querySelector('.clock').innerText.endsWith(s)", arg=said)
    page.keyboard.press("Escape")
    step(page, "class_next")
    page.wait_for_function("/^1[0-5]:[0-5]\\d left$/.test(document.querySelector('.clock').innerText)")
    step(page, "class_next")
    press(page, "class_more")
    expect(field).to_have_value("15")
    press(page, "class_end")
    page.wait_for_selector(".st-key-teach_view")


@pytest.mark.uses("class_published", "class_surprise", "class_simulated", "class_end", "class_over")
def test_a_class_is_led_to_its_end_by_one_key(open_page):
    page = open_page("/teach?view=patients")
    for kind in ("surprise", "simulated"):
        lead(page, kind)
        end(page)
        at_rest(page)
    lead(page, "published")
    step(page, "ArrowRight")
    step(page, "ArrowLeft")
    while control(page, "class_next").count():
        step(page, "ArrowRight")
    assert heading(page) == "The end"
    address = page.url
    end(page, below="class_over")
    page.goto(address)
    page.wait_for_selector(".st-key-teach_view")
    assert "the class of this link is over" in page.locator(".stAlert").inner_text()


def test_sixty_telephones_vote_at_once(open_page, server):
    page = open_page("/teach?view=patients")
    address = f"{server}/ballot/{lead(page, 'published')}"
    together = Barrier(N_PHONES)

    def asked(where, body=None):
        with urllib.request.urlopen(where, body) as answer:
            return answer.read()

    def vote(n):
        ballot = f"telephone{n:04}"
        assert b"<form" in asked(address)
        together.wait()
        now = json.loads(asked(f"{address}/now?ballot={ballot}"))
        choices = [choice for choice, _ in now["questions"]["diagnosis"]]
        body = {"ballot": ballot, "round": now["round"], "question": "diagnosis", "choice": choices[n % 3]}
        return json.loads(asked(address, json.dumps(body).encode()))["mine"]

    with ThreadPoolExecutor(N_PHONES) as pool:
        taken = list(pool.map(vote, range(N_PHONES)))
    assert all(taken)
    page.wait_for_function(
        "[...document.querySelectorAll('.tally b')].map(b => b.textContent).join() === '20,20,20'"
    )
    page.wait_for_function(
        "n => document.querySelector('.st-key-classroom').innerText.includes(`here: ${n}`)", arg=N_PHONES
    )
    end(page)


def test_a_picture_that_was_lost_on_the_way_is_fetched_again_at_the_same_stage(open_page):
    page = open_page("/teach?view=patients")
    lead(page, "published")
    step(page, "ArrowRight")
    page.wait_for_url("**class=**")
    page.evaluate("window.isOld = true")
    lost = "window.dispatchEvent(new ErrorEvent('error', { message: 'Error: Bad delta path index 4' }))"
    page.evaluate(lost)
    page.wait_for_function("!window.isOld && document.querySelector('.st-key-class_next button')")
    at_rest(page)
    assert heading(page).startswith("Stage 1 of")
    assert control(page, "class_next").inner_text() == "Go on"
    page.evaluate(f"window.isOld = true; {lost}")  # but not over and over again
    at_rest(page)
    assert page.evaluate("window.isOld")
    end(page)


@pytest.mark.uses("class_fill", "class_large", "class_try_*", "class_answer_clinic", "class_answer_missed")
def test_a_hall_is_led_by_keys_wherever_the_hand_was_last(open_page):
    page = open_page("/teach")
    lead(page, "lesson_base_rates")
    press(page, "class_fill")
    page.wait_for_function("document.fullscreenElement")
    page.keyboard.press("f")
    page.wait_for_function("!document.fullscreenElement")
    large = "document.querySelector('.mf-qr').clientHeight > innerHeight / 2"
    press(page, "class_large")
    page.wait_for_function(large)
    page.mouse.click(5, 5)
    page.wait_for_function(f"!({large})")
    page.keyboard.press("q")
    page.wait_for_function(large)
    step(page, "ArrowRight")
    page.wait_for_function(f"!({large})")
    unfold(page, "class_hands")
    at_rest(page)
    control(page, "class_hidden").locator("label").first.click()
    page.locator(".voted").wait_for()
    while heading(page) != "The end":
        step(page, "ArrowRight")
    for name in ("clinic", "missed"):
        unfold(page, f"class_try_{name}")
        control(page, f"class_answer_{name}").wait_for()
        expect(control(page, f"class_try_{name}").locator(".mf-answer")).to_have_count(0)
        control(page, f"class_answer_{name}").locator("label").first.click()
        control(page, f"class_try_{name}").locator(".mf-answer").wait_for()
    unfold(page, "class_try_sources")
    control(page, "class_try_sources").locator(".facts").first.wait_for()
    expect(page.get_by_text("Log score")).to_have_count(0)  # nobody voted: there is nothing to judge
    end(page)
    assert page.complaints == []
