"""Messages of the phenopacket schema, of both versions and spellings: read, noted or refused, never passed over."""

import pytest

from model.errors import CaseFileError
from model.intake.patients import read_patients
from model.intake.phenopacket import from_phenopacket
from priors import load_knowledge_base

KNOWLEDGE = load_knowledge_base()
HEADACHE = {"type": {"id": "HP:0002315", "label": "Headache"}}


def packet(**parts):
    return {"id": "A", "subject": {}, "metaData": {}, **parts}


def patients(content):
    """Identifier -> findings of a message, and the notes."""
    import json

    found = read_patients(json.dumps(content).encode(), KNOWLEDGE, name="file.json")
    return {case.id: dict(case.findings) for case in found.cases}, list(found.notes)


def problems(content):
    with pytest.raises(CaseFileError) as caught:
        patients(content)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (
            {"phenotypicFeatures": [{**HEADACHE, "excluded": "true"}]},
            "phenotypicFeatures 1, excluded: found 'true'",
        ),
        (
            {"phenotypicFeatures": [HEADACHE, {**HEADACHE, "negated": 1}]},
            "phenotypicFeatures 2, negated: found 1",
        ),
        ({"phenotypicFeatures": {"0": HEADACHE}}, "phenotypicFeatures: found {"),
        (
            {"phenotypicFeatures": ["HP:0002315"]},
            "phenotypicFeatures 1: found 'HP:0002315'; allowed is an object",
        ),
        ({"phenotypicFeatures": [{"type": "HP:0002315"}]}, "phenotypicFeatures 1, type: found 'HP:0002315'"),
        ({"phenotypicFeatures": [{"type": {"id": 2315}}]}, "phenotypicFeatures 1, type, id: found 2315"),
        ({"phenotypicFeatures": [{**HEADACHE, "excluded": True, "negated": False}]}, "say different things"),
        ({"subject": "A"}, "subject: found 'A'"),
        ({"subject": {"sex": True}}, "subject, sex: found True"),
        ({"subject": {"sex": [7]}}, "subject, sex: found [7]"),
        ({"subject": {"ageAtCollection": "P34Y"}}, "subject, ageAtCollection: found 'P34Y'"),
        ({"diseases": [{"term": {"id": "OMIM:1"}, "excluded": "no"}]}, "diseases 1, excluded: found 'no'"),
        ({"measurements": [[]]}, "measurements 1: found []"),
        ({"metaData": {"phenopacketSchemaVersion": 2}}, "phenopacketSchemaVersion: found 2"),
        ({"metaData": {"phenopacketSchemaVersion": "3.0"}}, "found '3.0'; versions 1 and 2 can be read"),
        (
            {"meta_data": {"phenopacket_schema_version": "2.0"}, "metaData": None},
            "metaData: given in two spellings",
        ),
        ({"id": 7}, "id: found 7"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_place(parts, line):
    found = problems(packet(**parts))
    assert len(found) == 1
    assert line in found[0]
    assert found[0].startswith("packet ")


def test_every_problem_of_every_packet_has_its_line():
    wrong = packet(phenotypicFeatures=[{**HEADACHE, "excluded": 1}, 3], subject={"sex": []})
    assert len(problems([wrong, {**wrong, "id": "B"}])) == 6


@pytest.mark.parametrize("version", ["1.0.0", "1.0", "v1.0.0", "1.0.0-RC3", "2", "2.0", "2.0.2", ""])
def test_the_versions_that_can_be_read(version):
    read = packet(metaData={"phenopacketSchemaVersion": version}, phenotypicFeatures=[HEADACHE])
    assert patients(read) == ({"A": {"headache": "present"}}, [])


@pytest.mark.parametrize(
    ("subject", "age"),
    [
        ({"ageAtCollection": {"age": "P34Y"}}, 34.0),
        ({"age_at_collection": {"age": "P34Y6M"}}, 34.5),
        ({"ageRangeAtCollection": {"start": {"age": "P31Y"}, "end": {"age": "P38Y"}}}, "age_30_35|age_35_40"),
        (
            {
                "dateOfBirth": "1980-03-01T00:00:00Z",
                "timeAtLastEncounter": {"timestamp": "2020-03-01T00:00:00Z"},
            },
            40.0,
        ),
    ],
)
def test_the_age_is_read_in_every_way_it_is_written(subject, age):
    assert patients(packet(subject=subject)) == ({"A": {"age_years": age}}, [])


def test_the_sex_may_be_a_number_of_the_schema():
    assert patients(packet(subject={"sex": 2})) == ({"A": {"sex": "male"}}, [])
    assert patients(packet(subject={"sex": 0})) == ({"A": {}}, [])


@pytest.mark.parametrize(
    ("parts", "note"),
    [
        ({"subject": {"dateOfBirth": "1980-03-01T00:00:00Z"}}, "packet A, subject: dateOfBirth without"),
        ({"subject": {"vitalStatus": {"status": "DECEASED"}}}, "packet A, subject: vitalStatus not used"),
        ({"subject": {"taxonomy": {"id": "NCBITaxon:10090"}}}, "NCBITaxon:10090 is not human"),
        ({"phenotypicFeatures": [{**HEADACHE, "description": "none since May"}]}, "description not used"),
        ({"phenotypicFeature": [HEADACHE]}, "packet A, phenotypicFeature: not used"),
        ({"genes": [{"id": "HGNC:1"}]}, "packet A, genes: not used"),
        ({"htsFiles": [{"uri": "x"}]}, "packet A, htsFiles: not used"),
        ({"biosamples": [{"id": "x"}]}, "packet A, biosamples: not used"),
        ({"diseases": [{"term": {"id": "OMIM:126200"}, "onset": {"age": {}, "x": 1}}]}, "onset not used"),
        (
            {"subject": {"ageAtCollection": {"start": {"age": "P30Y"}, "end": {"age": "P39Y"}}}},
            "subject: ageAtCollection.start, ageAtCollection.end not used",
        ),
        ({"phenotypicFeatures": [{"type": {**HEADACHE["type"], "iri": "x"}}]}, "type.iri not used"),
        ({"subject": {"sex": 9}}, "sex: 9 is neither FEMALE nor MALE"),
    ],
)
def test_what_is_not_used_has_a_note(parts, note):
    _, notes = patients(packet(**parts))
    assert any(note in one for one in notes)


def test_what_is_empty_needs_no_note():
    empty = {
        "biosamples": [],
        "files": None,
        "interpretations": [{}],
        "subject": {"karyotypicSex": "UNKNOWN_KARYOTYPE"},
    }
    assert patients(packet(**empty))[1] == []


def test_a_cohort_gives_its_members_and_a_list_may_mix_messages_and_cases():
    members = [packet(phenotypicFeatures=[HEADACHE]), packet(id="B", subject={"sex": "MALE"})]
    cohort = {"id": "C", "description": "two", "members": members}
    found, notes = patients([cohort, {"id": "D", "findings": {"fever": "present"}}])
    assert found == {"A": {"headache": "present"}, "B": {"sex": "male"}, "D": {"fever": "present"}}
    assert notes == ["cohort C, description: not used"]


def test_an_interpretation_of_version_1_gives_its_packet():
    inner = packet(phenotypicFeatures=[HEADACHE])
    found, notes = patients({"id": "I", "resolutionStatus": "SOLVED", "phenopacket": inner})
    assert found == {"A": {"headache": "present"}}
    assert notes == ["interpretation I, resolutionStatus: not used"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ({"id": "F", "relatives": [packet()]}, "family F, proband: missing"),
        ({"id": "F", "proband": 3}, "family F, proband: found 3"),
        ({"id": "C", "members": []}, "cohort C, members: none"),
        ({"id": "C", "members": [{"x": 1}]}, "cohort C, members 1: found"),
        ({"members": [packet(), packet()]}, "case A: 2 cases have this id"),
    ],
)
def test_a_message_without_its_patient_is_refused(content, line):
    assert any(line in one for one in problems(content))


def test_patients_without_a_name_are_numbered():
    assert list(patients([packet(id=""), packet(id=None)])[0]) == ["packet_1", "packet_2"]


def test_one_packet_is_asked_for_and_a_cohort_given():
    with pytest.raises(CaseFileError, match="a cohort of 2; read its members with read_patients"):
        from_phenopacket({"members": [packet(), packet(id="B")]}, KNOWLEDGE)
