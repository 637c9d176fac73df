"""The glossary on the screens: every term is found, in either language, and explained where it is met."""

import re

import pytest

from app_pages.shared.glossary import ORIGIN_TEXTS, beside, in_line, matching
from priors import load_knowledge_base
from priors.glossary_rules import ORIGINS
from tests.app.conftest import SCREENS

KNOWLEDGE = load_knowledge_base()


def explained(app):
    """Question -> number of cards behind it, of all drawings and question marks of a screen."""
    found = {}
    for block in app.markdown:
        for one in re.findall(r'<details class="explained">.*?</details>', block.value):
            question = re.search(r"<title>(.*?)</title>|aria-label=\"(.*?)\"", one)
            found[question[1] or question[2]] = one.count('class="term"')
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_has_the_glossary(open_app, screen):
    assert [one.key for one in open_app(screen).get("popover")].count("glossary") == 1


def test_every_finding_of_the_brain_mri_is_explained_beside_its_control(open_app):
    app = open_app()
    app.pills(key="panel").select("Brain MRI with contrast").run()
    asked = [v.label for v in KNOWLEDGE.variables.values() if v.order == "brain_mri"]
    assert {f"{label}: what is that?" for label in asked} <= explained(app).keys()
    assert explained(app)["Enhancement pattern: what is that?"] == 6


def test_a_name_comes_before_a_synonym_and_a_synonym_before_a_definition():
    found = [term.id for term in matching("miliary")]
    assert found[:3] == ["miliary", "chest_miliary", "enhancement_pattern"]
    assert found[3:] == ["other_focal"]


@pytest.mark.parametrize("text", ["hinterstränge", "dorsal col", "  DORSAL "])
def test_a_term_is_found_in_either_language_and_however_it_is_typed(text):
    assert matching(text)[0].id == "dorsal_columns"


def test_an_empty_search_finds_everything_once_and_a_strange_one_nothing():
    assert sorted(term.id for term in matching("")) == sorted(KNOWLEDGE.glossary)
    assert matching("no such word") == []


def test_a_sign_that_is_there_is_drawn_and_one_that_is_not_is_only_explained():
    assert "<svg" in in_line("dawson_fingers", "present").split("</summary>")[0]
    assert "<svg" not in in_line("dawson_fingers", "absent").split("</summary>")[0]
    assert "Miliary enhancement" in in_line("enhancement_pattern", "miliary")
    assert in_line("age_years", 39.0) == ""


def test_nothing_is_put_beside_a_finding_that_needs_no_explanation(monkeypatch):
    drawn = []
    monkeypatch.setattr("app_pages.shared.glossary.st.markdown", lambda *_, **__: drawn.append(1))
    beside(KNOWLEDGE.variables["age_years"])
    assert drawn == []
    beside(KNOWLEDGE.variables["ataxia"])
    assert drawn == [1]


def test_the_list_is_german_and_says_where_a_definition_comes_from(open_app):
    app = open_app("knowledge", view="glossary", lang="de")
    shown = " ".join(block.value for block in app.markdown)
    assert "Miliare KM-Aufnahme" in shown
    assert "Many tiny enhancing dots" not in shown
    assert "Brain miliary enhancement: CLIPPERS &gt; Tobin 2017 criteria" in shown
    assert shown.count('class="term"') == len(KNOWLEDGE.glossary)


def test_the_list_is_searched(open_app):
    app = open_app("knowledge", view="glossary")
    app.text_input(key="glossary_all").input("conus").run()
    assert sum(block.value.count('class="term"') for block in app.markdown) == len(matching("conus"))
    app.text_input(key="glossary_all").input("no such word").run()
    assert "no such word" in app.info[0].value


def test_every_origin_has_a_text():
    assert set(ORIGIN_TEXTS) == set(ORIGINS)
