"""The search for findings: words and their beginnings, typing errors, and what is not in the model."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.patient.naming import observable
from model.patient.search import asked, search, spellings
from priors import load_knowledge_base
from priors.labels import translated

TABLES = load_knowledge_base()
GERMAN = translated(TABLES, "de")
FINDINGS = tuple(observable(TABLES))


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        ("short cord lesion", "cord_lesion_length"),
        ("Virchow", "pvs_pattern"),
        ("pvs_patern", "pvs_pattern"),
        ("hedache", "headache"),
        ("haedache", "headache"),
        ("AQP4 antibodies", "serum_aqp4_igg"),
        ("no fever", "fever"),
        ("Ulcérs oral", "oral_ulcers"),
    ],
)
def test_the_best_hit_is_what_was_meant(words, finding):
    assert search(TABLES, words).findings[0] == finding


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("MOG", ("mog_antibodies",)),
        ("anti-MOG", ("mog_antibodies",)),
        ("smoking", ("smoking",)),
        ("smokng", ("smoking",)),
        ("EBV", ("ebv_serology",)),
        ("HLA-DRB1*15:01", ("hla_drb1",)),
        ("NMDA receptor", ("nmda_receptor_antibodies",)),
        ("Rauchen", ("smoking",)),
    ],
)
def test_what_is_known_not_to_be_modelled_is_no_finding(words, terms):
    found = search(TABLES, words)
    assert (found.findings, found.not_modelled) == ((), terms)


@pytest.mark.parametrize("words", ["xyzzy", "ebx", "mogg", "shoe size", "cord shoe", "", "of the", "***"])
def test_nothing_is_found_where_a_word_matches_nothing(words):
    found = search(TABLES, words)
    assert (found.findings, found.not_modelled, found.diagnoses) == ((), (), ())


def test_a_state_is_named_where_it_was_meant():
    assert search(TABLES, "short cord lesion").hits[0].state == "short"
    assert search(TABLES, "miliary").hits[0].state == "miliary"
    assert search(TABLES, "headache").hits[0].state == ""


def test_a_finding_beside_what_is_not_modelled_is_told_with_it():
    found = search(TABLES, "ACE in CSF")
    assert found.findings == ("serum_ace_or_sil2r_high",)
    assert found.not_modelled == ("csf_ace",)
    assert search(TABLES, "ACE").not_modelled == ()


def test_a_diagnosis_is_no_finding():
    assert "neurosarcoidosis" in search(TABLES, "sarcoidosis").diagnoses
    assert search(TABLES, "sarcoidosis").findings == ()


def test_the_beginning_of_a_diagnosis_is_less_than_a_finding_that_is_mistyped():
    assert search(TABLES, "borrelio antibodies csf").findings[0] == "csf_borrelia_antibodies"
    assert search(TABLES, "neurosarc").diagnoses == ("neurosarcoidosis",)


def test_labels_of_another_language_are_searched_too():
    assert search(TABLES, "Zeckenstich").findings == ("tick_bite",)
    assert search(TABLES, "Zeckenstich", also=[GERMAN]).findings == ("tick_bite",)
    assert search(GERMAN, "tick bite", also=[TABLES]).findings == ("tick_bite",)
    assert search(TABLES, "kurze Rückenmarksläsion", also=[GERMAN]).hits[0].finding == "cord_lesion_length"


def test_only_some_findings_on_request():
    assert search(TABLES, "cord", among=["cord_atrophy"]).findings == ("cord_atrophy",)


def test_every_finding_is_found_by_each_of_its_names_in_both_languages():
    missed = [
        (name, text)
        for tables in (TABLES, GERMAN)
        for name in FINDINGS
        for text in (name, tables.variables[name].label, *tables.variables[name].synonyms)
        if name not in search(tables, text).findings
    ]
    assert missed == []


def test_every_term_that_is_not_modelled_is_told_by_each_of_its_names():
    missed = [
        (term.id, text)
        for term in TABLES.not_modelled.values()
        for text in spellings(term)
        if term.id not in search(TABLES, text).not_modelled
    ]
    assert missed == []


@settings(max_examples=60)
@given(st.sampled_from(FINDINGS), st.data())
def test_one_wrong_letter_in_a_long_word_is_forgiven(name, data):
    words = list(asked(TABLES.variables[name].label))
    long = [i for i, word in enumerate(words) if len(word) >= 6 and word.isalpha()]
    if not long:
        return
    i = data.draw(st.sampled_from(long))
    at = data.draw(st.integers(1, len(words[i]) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    words[i] = words[i][:at] + letter + words[i][at + 1 :]
    assert name in search(TABLES, " ".join(words)).findings


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_any_text_is_answered(text):
    found = search(TABLES, text)
    assert set(found.findings) <= set(FINDINGS)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Kopfschmerz", "headache"),
        ("Schwarzes Loch", "t1_black_holes"),
        ("schwarze Löcher", "t1_black_holes"),
        ("kurze Markläsion", "cord_lesion_length"),
        ("brain stem", "brainstem_lesions"),
        ("head-ache", "headache"),
        ("Dawson's fingers", "dawson_fingers"),
        ("Bell\N{RIGHT SINGLE QUOTATION MARK}s palsy", "facial_palsy"),
        ("aquaporin-4", "serum_aqp4_igg"),
    ],
)
def test_endings_hyphens_and_both_languages_are_understood(words, first):
    assert search(TABLES, words).findings[0] == first


@pytest.mark.parametrize(
    ("words", "finding", "state"),
    [
        ("CVS", "central_vein_sign", ""),
        ("PRL", "paramagnetic_rim_lesions", ""),
        ("OKBs", "csf_oligoclonal_bands", ""),
        ("LETM", "cord_lesion_length", "longitudinally_extensive"),
        ("WBC", "csf_pleocytosis", ""),
        ("ON", "optic_neuritis", ""),
        ("DI", "diabetes_insipidus", ""),
        ("CIS", "ms_course", "clinically_isolated_syndrome"),
        ("RRMS", "ms_course", "relapsing_remitting"),
        ("SPMS", "ms_course", "secondary_progressive"),
        ("PPMS", "ms_course", "primary_progressive"),
    ],
)
def test_abbreviations_mean_what_clinicians_mean_by_them(words, finding, state):
    best = search(TABLES, words).hits[0]
    assert (best.finding, best.state) == (finding, state)


@pytest.mark.parametrize("words", ["DIS", "DIT", "McDonald", "SEL", "IIH", "EDSS", "SLE"])
def test_a_short_word_is_no_beginning_of_another(words):
    assert search(TABLES, words).findings == ()
    assert search(TABLES, words)


def test_a_course_is_inferred_where_only_findings_are_looked_through():
    findings = TABLES.of_role("finding", "context", "protocol")
    found = search(TABLES, "CIS", among=findings)
    assert found.hits == ()
    assert [(hit.finding, hit.state) for hit in found.inferred] == [
        ("ms_course", "clinically_isolated_syndrome")
    ]


def test_a_disease_without_numbers_of_its_own_counts_with_none_of_the_listed():
    assert search(TABLES, "CADASIL").others == ("CADASIL",)
    assert search(TABLES, "Morbus Fabry").others == ("Fabry disease",)
    assert search(TABLES, "headache").others == ()


def test_an_order_brings_its_findings_and_further_words_choose_among_them():
    found = search(TABLES, "LP")
    assert found.orders == ("lumbar_puncture",)
    assert {TABLES.variables[name].order for name in found.findings} == {"lumbar_puncture"}
    assert search(TABLES, "LP cells").findings == ("csf_malignant_cells", "csf_pleocytosis")
    assert search(TABLES, "Nerven").orders == ()  # the beginning of a word for it
    mistyped = search(TABLES, "field sarength brain mri")  # an order is not all that is meant
    assert mistyped.findings == ("brain_mri_field_strength",)


def test_every_further_word_leads_to_what_it_is_a_word_of():
    lost = []
    for one in TABLES.search_words:
        for words in one.words:
            found = search(TABLES, words)
            meant = {(hit.finding, one.state and hit.state) for hit in found.hits}
            reached = (
                (one.finding, one.state) in meant
                or one.order in found.orders
                or one.diagnosis in found.diagnoses
                or (one.diagnosis == "other" and words in found.others)
            )
            if not reached:
                lost.append((words, one))
    assert lost == []


def test_what_would_only_fit_by_half_is_not_found():
    assert search(TABLES, "vitamin E").findings == ()
    assert search(TABLES, "Rauchen").not_modelled == ("smoking",)
