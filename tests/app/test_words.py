"""Every screen speaks in words, in both languages: no identifier is shown, no abbreviation in small letters."""

import re
from typing import get_args

import pytest

from app_pages.shared.texts import FILES
from model import load_knowledge_base
from model.text import within
from priors.labels import labels, translated
from priors.schema import FactKind
from tests.app.test_screens import TEXTS
from tests.app.walk import walked

FINDINGS = (
    "age_years.39~sex.male~region.north_america~enhancement_pattern.miliary~pvs_pattern.present~"
    "lesion_count.single|multiple~chest_ct.mass_or_cavity~brain_mri_field_strength.7T"
)
KNOWLEDGE = load_knowledge_base()
IDENTIFIERS = {
    *KNOWLEDGE.diagnoses,
    *KNOWLEDGE.variables,
    *(state for variable in KNOWLEDGE.variables.values() for state in variable.state_ids),
    *KNOWLEDGE.orders,
    *KNOWLEDGE.sources,
    *(weight.setting for weight in KNOWLEDGE.prior_weights),
    *get_args(FactKind),
}
LABELS = [
    *(one.label for one in KNOWLEDGE.diagnoses.values()),
    *(one.label for one in KNOWLEDGE.variables.values()),
    *(state.label for one in KNOWLEDGE.variables.values() for state in one.states),
]
RAW = re.compile(r"\b\w+_\w+\b|\bcustom~\S*|`[^`]*`")
ADDRESS = re.compile(r"https?://\S+|\b10\.\d{4,}/\S+")
"""An address or a DOI, which is shown as it is."""

ABBREVIATIONS = {word for label in LABELS for word in re.findall(r"\b[A-Z]{3,}[A-Z0-9]*\b", label)}


def offenders(text):
    """What of a text is no word: an identifier, or an abbreviation written like a name."""
    if text.strip() in IDENTIFIERS:
        yield text
    yield from RAW.findall(ADDRESS.sub("", text))
    yield from (word for word in re.findall(r"\b[A-Z][a-z0-9]+\b", text) if word.upper() in ABBREVIATIONS)


@pytest.mark.parametrize("language", FILES)
def test_no_screen_shows_an_identifier(open_app, language):
    seen, found = 0, {}
    for where, said in walked(open_app, f=FINDINGS, prior="custom~nmosd.0.5", lang=language):
        seen += len(said)
        wrong = {word for text in said for word in offenders(text)}
        found |= {where: sorted(wrong)} if wrong else {}
    assert found == {}
    assert seen > 5000


def test_identifiers_would_be_found():
    text = "Mogad, pvs_pattern, custom~nmosd.0.5 and the state `other`; Gfap"
    assert list(offenders(text)) == ["pvs_pattern", "custom~nmosd.0.5", "`other`", "Gfap"]
    assert list(offenders("listed")) == ["listed"]


def test_every_kind_of_fact_has_a_name_for_people():
    assert set(get_args(FactKind)) - set(TEXTS["fact_kinds"]) == set()


def test_every_further_differential_has_a_german_name():
    named = {
        fact.statement.partition(":")[0]
        for fact in KNOWLEDGE.facts.values()
        if fact.diagnosis == "other" and fact.kind == "note" and ":" in fact.statement
    }
    assert named == set(labels("de")["differentials"])
    assert {
        name for name in named if list(offenders(name)) or re.search(r"\b[a-z]+\d|\bsvd\b", name)
    } == set()


def test_a_single_lesion_is_single():
    states = [translated(KNOWLEDGE, name).variables["lesion_count"].states for name in FILES]
    assert [[state.label for state in one] for one in states] == [
        ["Single", "Multiple"],
        ["Eine Läsion", "Mehrere Läsionen"],
    ]


def test_a_name_keeps_its_capital_inside_a_sentence():
    named = re.compile(r"(?!Northern)\w+ [A-Z][a-z]+\b")
    assert [label for label in LABELS if within(label) != label and named.match(label)] == []
