"""Two languages: complete, with the same blanks; labels, figures and search follow; the network is shared."""

import re
import string
import tomllib

import pytest

from app_pages.shared import answers
from app_pages.shared.texts import FILES
from model import encode, load_knowledge_base, load_network, posterior
from model.figures import WORDS, placed
from model.patient.search import search
from model.why.paragraph import SENTENCES
from priors.labels import labels, searchable, translated
from tests.app.conftest import ROOT, SCREENS
from tests.app.walk import texts as texts_of

TEXTS = {name: tomllib.loads(path.read_text(encoding="utf-8")) for name, path in FILES.items()}
OTHERS = [name for name in FILES if name != "en"]


def blanks(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_exists_with_the_same_blanks(language):
    english = {**TEXTS["en"], "figure": dict(WORDS), "paragraph": dict(SENTENCES)}
    assert {s: set(texts) for s, texts in english.items()} == {s: set(t) for s, t in TEXTS[language].items()}
    for section, texts in english.items():
        for name, text in texts.items():
            assert blanks(text) == blanks(TEXTS[language][section][name]), f"{section}.{name}"


@pytest.mark.parametrize("language", OTHERS)
def test_every_name_of_the_tables_has_a_label(language):
    knowledge, named = load_knowledge_base(), labels(language)
    assert set(named["diagnoses"]) == set(knowledge.diagnoses)
    assert set(named["findings"]) == set(knowledge.variables)
    assert set(named["orders"]) == set(knowledge.orders)
    assert set(named["states"]) == {s.label for v in knowledge.variables.values() for s in v.states}
    assert set(named["groups"]) == {d.group for d in knowledge.diagnoses.values()}


def test_every_reason_why_findings_exclude_each_other_is_said_in_every_language():
    reasons = {one.reason for one in load_knowledge_base().exclusions}
    assert {name: set(labels(name)["exclusions"]) ^ reasons for name in OTHERS} == {
        name: set() for name in OTHERS
    }


def test_findings_that_exclude_each_other_are_explained_in_german(open_app):
    app = open_app(f="enhancement_pattern.none~pvs_pattern.present", lang="de")
    [text] = [one.value for one in app.error]
    assert "schließen sich aus: ohne KM-Aufnahme gibt es keine entlang perivaskulärer Räume." in text
    assert not re.search(r"\b(?:excludes|correct|remove|needs|pattern)\b", text)


def test_labels_change_and_nothing_else():
    knowledge = load_knowledge_base()
    other = translated(knowledge, "de")
    assert other.digest == knowledge.digest
    assert other.diagnoses["other"].label == "Keine der genannten Krankheiten"
    for name, variable in knowledge.variables.items():
        german = other.variables[name]
        assert german.state_ids == variable.state_ids
        assert german.label == variable.label or variable.label in german.synonyms


def test_the_compiled_network_is_shared_and_answers_alike():
    network = load_network()
    german = network.relabelled(translated(network.knowledge, "de"))
    assert german.plan is network.plan
    findings = {"fever": "present"}
    one, two = (posterior(net, encode(net, findings)).probabilities for net in (network, german))
    assert (one == two).all()


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_speaks_german(open_app, screen):
    app = open_app(screen, f="fever.present~pvs_pattern.present~enhancement_pattern.miliary", lang="de")
    assert not app.exception
    assert not app.error
    text = " ".join([*(b.proto.body for b in app.get("html")), *(m.value for m in app.markdown)])
    assert TEXTS["de"]["app"]["scope"] in text
    assert TEXTS["en"]["app"]["scope"] not in text


def test_the_language_is_switched_and_kept_in_the_link(open_app):
    app = open_app(f="fever.present")
    app.segmented_control(key="language").set_value("de").run()
    assert app.query_params["lang"] == "de"
    assert "Differenzialdiagnose" in " ".join(m.value for m in app.markdown)
    app.switch_page("app_pages/why/page.py").run()
    assert "Evidenz für und gegen" in " ".join(b.proto.body for b in app.get("html"))
    app.segmented_control(key="language").set_value("en").run()
    assert "lang" not in app.query_params


def test_a_german_session_after_an_english_one_names_nothing_in_english(open_app):
    for spoken in ("en", "de"):  # what sessions share was read in the language of the first
        app = open_app("robustness", f="fever.present~enhancement_pattern.miliary", lang=spoken)
        app.segmented_control(key="robust_view").set_value("numbers").run()
        said = " ".join(texts_of(app))
        assert ("Muster der KM-Aufnahme: " in said, "Enhancement pattern: " in said) == (
            spoken == "de",
            spoken == "en",
        )


def test_the_map_of_a_german_session_after_an_english_one_is_german(open_app):
    for spoken in ("en", "de"):
        app = open_app("knowledge", lang=spoken)
        [drawn] = [block.proto.body for block in app.get("html") if "mf-map" in block.proto.body[:600]]
        assert ("Neurosarkoidose" in drawn, "Neurosarcoidosis" in drawn) == (spoken == "de", spoken == "en")


def test_the_paragraph_of_an_explanation_is_german_throughout(open_app):
    app = open_app("why", f="fever.present~pvs_pattern.present~enhancement_pattern.miliary", lang="de")
    [text] = [m.value for m in app.markdown if m.value.startswith("Bevor ein Befund")]
    assert " Evidenz" in text
    assert not re.search(r"\b(?:the|findings|evidence|such|patients|odds|would)\b", text)


def test_the_search_finds_german_and_english_names(open_app):
    app = open_app(lang="de")
    for words in ("Zeckenstich", "Tick bite"):
        app.text_input(key="search_case").set_value(words).run()
        assert app.segmented_control(key="found_case_tick_bite").label == "Zeckenstich"
    app.text_input(key="search_case").set_value("Raucher").run()
    assert "Nicht im Modell: Rauchen." in " ".join(block.proto.body for block in app.get("html"))


def test_the_search_finds_what_a_german_neurologist_calls_a_finding():
    knowledge = load_knowledge_base()
    german = translated(knowledge, "de")
    tables = (knowledge, searchable(german, "de"))
    said = {
        "Kopfweh": "headache",
        "Krampfanfall": "seizures",
        "Stauungspapille": "optic_disc_swelling",
        "ringförmig": "enhancement_pattern",
    }
    said |= {words: one.finding for one in knowledge.search_words if one.finding for words in one.words}
    lost = {
        words: name for words, name in said.items() if name not in search(german, words, also=tables).findings
    }
    assert lost == {}
    assert search(german, "Kopfweh", also=(knowledge, german)).findings == ()  # for the search alone


def test_german_words_are_found_on_an_english_screen(open_app):
    app = open_app()
    app.text_input(key="search_case").set_value("Zeckenstich").run()
    assert app.segmented_control(key="found_case_tick_bite").label == "Tick bite"


def test_no_page_holds_german():
    words = re.compile(r"\b(?:und|nicht|Befund|Diagnose)\b")
    for path in (ROOT / "app_pages").rglob("*.py"):
        assert not words.search(path.read_text(encoding="utf-8")), path
    assert answers.ENGLISH == "en"


def test_german_states_are_small_inside_a_sentence_unless_they_are_nouns_or_names(open_app):
    words = {**WORDS, **TEXTS["de"]["figure"]}
    tables = translated(load_knowledge_base(), "de")
    states = {state.label for one in tables.variables.values() for state in one.states}
    small = {label.partition(" ")[0] for label in states if placed(label, words) != label}
    assert small == set(words["inside"].split())  # each of them begins a state
    kept = ("Granulome", "Karzinom", "Nordeuropa", "Tuberkulose", "Marburg-Typ (akut maligne)", "3 T")
    assert [placed(label, words) for label in ("Nicht vorhanden", *kept)] == ["nicht vorhanden", *kept]
    app = open_app(f="ataxia.present", lang="de")
    assert "Ataxie: vorhanden" in [button.label for button in app.button]
