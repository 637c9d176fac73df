"""What the library says of mistakes is said in German: provoked here, line by line, and every template is used."""

import csv
import io
import json
import re
import sys
import tomllib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app_pages.shared import messages
from app_pages.shared.link import read as read_link
from app_pages.shared.messages import in_language
from app_pages.shared.texts import FILES
from model import encode, load_knowledge_base, load_network, posterior, read_patients
from model.diagnosis.differential import indexed
from model.errors import ImpossibleEvidenceError, MilletError
from model.inference.engine import infer
from model.intake.message import MAX_ITEMS
from model.network import storage
from model.network.convergence import problems
from model.next_step.target import target_of
from model.patient.source import SIGNATURES
from model.reading.reading import MAX_CHARACTERS, read_text
from model.reading.words import pipeline
from model.teaching.own_case import MAX_FILE, MAX_MEGABYTES, picture, read_own_case
from model.teaching.room import MAX_ROOMS, Rooms
from priors.codes import load_codes
from priors.labels import translated

TABLE = tomllib.loads(FILES["de"].with_name("errors.de.toml").read_text(encoding="utf-8"))
ENGLISH = re.compile(
    r"\b(?:is|are|the|this|give|must|found|allowed|correct|keep|used|unknown|not|of|or|and|it|line|case|finding)\b"
)
# What a line may hold in English: names of the schema and of commands, and what the user wrote.
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|pip install \S+|\(--[^)]*\)")


def packet(**parts):
    return {"id": "P", "subject": {"sex": "FEMALE"}, "metaData": {"created": "2024"}} | parts


def feature(code, **parts):
    return {"type": {"id": code, "label": "x"}} | parts


def disease(code, **parts):
    return {"term": {"id": code}} | parts


BROAD = next(
    code.code
    for code in load_codes(load_knowledge_base())
    if (code.kind, code.match) == ("diagnosis", "broad")
)

# The seven kinds of input that users of neighbouring tools reported.
REPAIRS = {
    "bare_commas.csv": "id,age_years,sex,pvs_pattern\nA,39,male,present\n,,,\n,,,\n",
    "semicolon.csv": "id;age_years;sex;enhancement_pattern;pvs_pattern\nA;39;male;miliary;present\nB;61;female;miliary;\n",
    "trailing.csv": "id,age_years,sex,,\nA,39,male,,x\n",
    "partial_weights.json": {"id": "soft", "findings": {"age_years": 39, "pvs_pattern": {"present": 0.8}}},
    "family.json": {
        "id": "repair-3",
        "proband": packet(phenotypicFeatures=[feature("HP:0000651")]),
        "relatives": [{"id": "p4", "subject": {"id": "p4", "sex": "MALE"}}, {"subject": {"sex": "MALE"}}],
        "pedigree": {"persons": [1]},
    },
    "snake.json": {"id": "r2", "subject": {"sex": "MALE"}, "phenotypic_features": [feature("HP:0000023")]},
    "negated.json": packet(phenotypicFeatures=[feature("HP:0000651", negated=True)], files=["x"]),
}

FILES_GIVEN = (
    REPAIRS
    | {
        "empty.json": " ",
        "number.json": "[3]",
        "list.json": "[]",
        "top.json": '"x"',
        "deep.json": "[" * 50_000,
        "long.json": '{"findings": {"age_years": ' + "1" * 5000 + "}}",
        "twice.json": '{"findings": {}, "findings": {}}',
        "json0.json": '{"findings": {',
        "json1.json": '{"findings" 1}',
        "json2.json": '{"findings": 1 "id": 2}',
        "json3.json": '{"findings": }',
        "json4.json": '{"findings": {}} x',
        "lines.json": '{"findings": {}}\n{"findings": {}} x\n',
        "nan.json": '{"findings": {"age_years": NaN}}',
        "half.json": r'{"id": "\ud800", "findings": {}}',
        "truth.json": {"findings": {}, "truth": "nmosdd", "ms_course": "rr", "confirmatory": ["zzqqxx"]},
        "json5.json": '{"findings',
        "json6.json": '{"id": "a\nb"}',
        "json7.json": r'{"id": "\x"}',
        "json8.json": r'{"id": "\u12"}',
        "json9.json": '{"id": 1,}',
        "json10.json": "[1,]",
        "keys.json": [
            {"id": [], "findings": {}, "findngs": 1, "truth": 3, "confirmatory": 3},
            {"id": "B"},
            {"id": "C", "findings": 3},
            {"id": "C", "findings": {}},
            {"id": "D", "findings": {}, "zzzzzzzz": 1},
        ],
        "names.json": {
            "id": "A",
            "findings": {
                "pvs_patern": 1,
                "smoker": 1,
                "shoe size": 1,
                "nmosd": 1,
                "raised_pressure": 1,
                "anca": 1,
                "CADASIL": 1,
                "zzqqxx": 1,
                "sex": "x",
                "age_years": 190,
                "fever": "abs",
                "anaemia": [],
                "headache": {"present": -1},
                "facial_palsy": {"absent": 0, "unilateral": 0, "bilateral": 0},
                "pvs_pattern": 3,
                "region": "zzzz",
            },
        },
        "clash.json": {"findings": {"enhancement_pattern": "none", "pvs_pattern": "present"}},
        "packet.json": packet(
            subject={
                "sex": "OTHER_SEX",
                "dateOfBirth": "1980",
                "taxonomy": {"id": "NCBITaxon:1"},
                "karyotypicSex": "XX",
            },
            phenotypicFeatures=[
                *(feature("HP:0002315"), feature("HP:0002315", excluded=True, onset={"age": "P3Y"})),
                feature("HP:0002076", excluded=True),
                *({"type": {"label": "y"}}, {"type": {}}, feature("HP:0000023")),
            ],
            measurements=[
                {"assay": {"id": "MILLET:pvs_pattern"}, "value": {"ontologyClass": {"id": "MILLET:zzz"}}},
                *({"assay": {}}, {"assay": {"label": "y"}}),
            ],
            diseases=[
                *(disease("MONDO:1"), disease("MILLET:nmosd", diseaseStage=[{"id": "x"}], onset={"x": "y"})),
                *({"term": {"label": "y"}}, {"term": {}}),
            ],
        ),
        "version.json": packet(metaData={"phenopacketSchemaVersion": "3.0"}),
        "broad.json": packet(diseases=[disease(BROAD)]),
        "age1.json": packet(subject={"dateOfBirth": "1980", "timeAtLastEncounter": {"timestamp": "soon"}}),
        "age2.json": packet(subject={"timeAtLastEncounter": {"age": {"iso8601duration": "39"}}}),
        "wrong.json": packet(
            meta_data={},
            phenotypicFeatures=[{"type": 3, "excluded": "no", "negated": False}, {"type": {"id": 3}}],
            measurements=3,
            diseases=[{"term": {}, "excluded": True}],
        )
        | {"metaData": {"phenopacketSchemaVersion": "3.0"}},
        "both.json": packet(phenotypicFeatures=[feature("HP:0002315", excluded=True, negated=False)]),
        "many.json": packet(phenotypicFeatures=[{}] * (MAX_ITEMS + 1)),
        "cohort.json": {"id": "K", "members": []},
        "noid.json": {"members": []},
        "interpretation.json": {"id": "I", "phenopacket": {}, "family": {}},
        "inner.json": {"id": "K", "members": [{"x": 1}]},
        "taught.json": {"form": 1, "id": "T", "findings": {}, "vignette": "v", "points": ["p"]},
        "column.csv": "id,shoe size,pvs_patern,primary CNS vasculitis\nA,1,2,3\n",
        "anca.csv": "id,anca,ADA,MOG antibodies,chronic pain,vasculitis serology,pvs patern\nA,1,2,3,4,5,6\n",
        "together.json": {"id": "A", "findings": {"ms_course": "not_applicable", "ms_variant": "classic"}},
        "double.csv": "id,sex,sex\nA,male,male\n",
        "none.csv": "id\nA\n",
        "empty.csv": "",
        "cell.csv": "id sex fever\nA male present\n",
        "missing.csv": "id,sex,age_years\nA,NA,unknown\n",
        "called.csv": "ID,Patient ID,sex,truth\nA,B,male,nmosd\n",
        "wrong.csv": "id,sex\n" + "".join(f"{i},x{i}\n" for i in range(30)),
        "header.csv": "id,sex\n",
        "short.csv": "id,sex,fever\nA,male\n",
        "repeated.csv": "id,sex\nA,male\nA,male\n",
        "quote.csv": 'id,sex\nA,"male\n',
        "after.csv": 'id,sex\nA,"male"x\n',
        "field.csv": "id,sex\nA," + "x" * 140_000 + "\n",
        "latin.csv": "id,sex\nMüller,male\n".encode("latin-1"),
        "utf16.csv": "id,sex\nA,male\n".encode("utf-16")[:-1],
        "nomark.csv": "id,sex\nA,male\n".encode("utf-16-le"),
        "zeros.csv": b"id\0\0\0sex\1\1\1\1\1\1",
        "page.csv": "<html></html>",
        "excel.csv": b"PK\x03\x04....[Content_Types].xml",
        "calc.csv": b"PK\x03\x04....opendocument.spreadsheet",
        "zip.csv": b"PK\x03\x04....",
        "broken.parquet": b"PAR1xxxxxxxxxxxxxxxxxxxx",
        "tiny.parquet": b"PAR1",
        "cut.parquet": b"PAR1xxxxxxxxxx" + (90).to_bytes(4, "little") + b"PAR1",
        "thrift.parquet": b"PAR1" + b"x" * 100 + (90).to_bytes(4, "little") + b"PAR1",
    }
    | {f"other{i}.csv": start + b"...." for i, (start, _, _) in enumerate(SIGNATURES)}
)


def parquet(**columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


PARQUET = {
    "row.parquet": parquet(id=["A", "A"], sex=["male", "male"]),
    "ids.parquet": parquet(id=[["A"]], sex=["male"]),
    "levels.parquet": parquet(__index_level_0__=["A"], __index_level_1__=["B"], sex=["male"]),
    "unnamed.parquet": parquet(__index_level_0__=["A"], id=["B"], sex=["male"]),
}

OWN = {
    "a.png": b"x",
    "large.png": b"x" * (MAX_MEGABYTES * 1_000_000 + 1),
    "b.json": b"3",
    "c.json": json.dumps({"form": 9, "findings": {}}).encode(),
    "d.json": json.dumps({"findings": {}, "points": 3}).encode(),
    "e.json": b" " * (MAX_FILE + 1),
    "f.json": json.dumps({"findings": {}, "pictures": [{}] * 9}).encode(),
}


@pytest.fixture(scope="module")
def network():
    found = load_network().thinned(2)
    return found.relabelled(translated(found.knowledge, "de"))


def raised(call, *given, **named):
    """Lines of the error of a call; none if it gives something."""
    try:
        call(*given, **named)
    except MilletError as error:
        return list(error.problems)
    return []


def of_file(network, name, content):
    """Notes and errors of an uploaded file."""
    data = (
        content
        if isinstance(content, bytes)
        else (content if isinstance(content, str) else json.dumps(content)).encode()
    )
    notes = []

    def whole():
        found = read_patients(data, network.knowledge, name=name)
        notes.extend(found.notes)
        posterior(network, encode(network, found.cases))

    return raised(whole) + notes


def of_stored(knowledge, folder):
    """Errors of stored draws that are missing, damaged or of other tables."""
    path = storage.default_path(folder, storage.DEFAULT_MAPPING, knowledge.layer)
    lines = raised(storage.load_parameters, knowledge, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    shapes = storage._shapes(knowledge)
    alike = {name: np.ones((1, *shape), dtype=np.float32) for name, shape in shapes.items()}
    own = {"digest": knowledge.digest}
    for record, arrays in (
        *((3, {}), ({"digest": "x"}, {}), (own, {}), (own, alike | {"prior_weights": np.ones((1, 1))})),
        (own, {name: value * np.float32(np.nan) for name, value in alike.items()}),
        (own, {name: -value for name, value in alike.items()}),
        (own, alike | {"prior_weights": np.ones((2, *shapes["prior_weights"]), dtype=np.float32)}),
    ):
        np.savez(path, record=json.dumps(record), **arrays)
        lines += raised(storage.load_parameters, knowledge, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "MAX_BYTES", 10)
        lines += raised(storage.load_parameters, knowledge, folder)
    path.write_bytes(b"x")
    return lines + raised(storage.load_parameters, knowledge, folder)


def of_program(network):
    """Errors that no file makes: links, classes, targets, draws, packages."""
    rooms = Rooms()
    lines = [line for _ in range(MAX_ROOMS + 1) for line in raised(rooms.open, {})]
    findings = {"ms_course": "not_applicable", "ms_variant": "classic"}
    with pytest.raises(ImpossibleEvidenceError) as caught:
        infer(network.plan, indexed(network, encode(network, findings)), n_patients=1)
    lines += str(caught.value).splitlines()
    lines += raised(
        target_of, network, "ms_course", np.zeros(len(network.plan.indicator(network.index("diagnosis"))))
    )
    bad = {"r_hat": 2.0, "ess_bulk": 3.0, "ess_tail": 3.0}
    lines += problems({"divergences": 3, "variables": {"level": bad}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "spacy", None)
        lines += raised(pipeline, "de")
    lines += raised(read_text, "x" * (MAX_CHARACTERS + 1), network.knowledge)
    return lines + read_link(network, {"f": "sex.x~pvs_patern.present~age_years.300"}, ["documents"])[2]


@pytest.fixture(scope="module")
def said(network, tmp_path_factory):
    """Every line that is provoked, in English."""
    given = FILES_GIVEN | PARQUET
    usual = csv.field_size_limit(131_072)  # another library may have lifted the limit of the whole process
    lines = [line for name, content in given.items() for line in of_file(network, name, content)]
    csv.field_size_limit(usual)
    for name, content in OWN.items():
        lines += raised(picture if name.endswith("png") else read_own_case, content, name)
    lines += of_stored(network.knowledge, tmp_path_factory.mktemp("stored"))
    return lines + of_program(network)


def is_german(line):
    return not ENGLISH.search(QUOTED.sub("", line))


def test_no_line_stays_english(said):
    german = {line: in_language(line, "de") for line in said}
    assert len(german) > 100
    assert {english: line for english, line in german.items() if english == line or not is_german(line)} == {}


def test_every_template_is_used(said, monkeypatch):
    used, plain = set(), messages._fitting

    def noted(text, spoken, section):
        found = plain(text, spoken, section)
        if found:
            used.add((section, found[0].re.pattern))
        return found

    monkeypatch.setattr(messages, "_fitting", noted)
    for line in said:
        in_language(line, "de")
    every = {
        (section, (messages.PLACE if section == "messages" else "") + messages.pattern_of(template)): template
        for section in ("messages", "places", "parts")
        for template in TABLE[section]
    }
    newer = {"Illegal trailing comma before end of object", "Illegal trailing comma before end of array"}
    unused = {template for key, template in every.items() if key not in used}
    assert unused - (newer if sys.version_info < (3, 13) else set()) == set()


def test_blanks_of_a_template_are_given_by_it():
    for section in ("messages", "places", "parts"):
        for template, german in TABLE[section].items():
            assert set(messages.BLANK.findall(german)) <= set(messages.BLANK.findall(template)), template


@pytest.mark.parametrize(
    ("name", "german"),
    [
        (
            "trailing.csv",
            (
                "trailing.csv, Zeile 2: Spalte 5 hat keinen Namen, enthält aber 'x'; "
                "benennen (id benennt die Patienten) oder entfernen"
            ),
        ),
        (
            "partial_weights.json",
            (
                "Fall soft, Befund pvs_pattern: kein Gewicht für absent; jeder Ausprägung eines geben, 0, wenn sie "
                "ausgeschlossen ist"
            ),
        ),
        ("family.json", "Familie repair-3, Angehöriger p4: ein anderer Patient; nicht verwendet"),
        ("snake.json", "Phenopacket r2, HP:0000023 (x): kein Befund des Modells; nicht verwendet"),
        (
            "together.json",
            "Fall A: Keine Diagnose lässt ms_course = not_applicable, ms_variant = classic zugleich zu.",
        ),
        ("zip.csv", "zip.csv: Die Datei ist ein ZIP-Archiv; die Datei entpacken und den Inhalt hochladen"),
    ],
)
def test_a_line_says_place_finding_and_remedy(network, name, german):
    lines = of_file(network, name, FILES_GIVEN[name])
    assert in_language(lines[0], "de") == german


def test_what_is_no_line_of_the_table_is_shown_as_it_is():
    for line in (
        "",
        "A sentence that nobody wrote; not used",
        "Datei: 600 Patienten; höchstens 500 sind erlaubt",
    ):
        assert in_language(line, "de") == line
    assert in_language("case A: x = y excludes u = v (why); correct or remove one of them", "en") == (
        "case A: x = y and u = v exclude each other: why."
    )


def test_an_uploaded_file_is_refused_in_german(open_app):
    app = open_app(lang="de")
    app.file_uploader(key="case_file").upload(
        "weights.json", json.dumps(REPAIRS["partial_weights.json"]).encode()
    )
    [text] = [one.value.replace("\\", "") for one in app.run().error]
    assert "kein Gewicht für absent" in text
    assert is_german(text)


def test_what_was_not_used_of_a_file_is_said_in_german(open_app):
    app = open_app(lang="de")
    app.file_uploader(key="case_file").upload("family.json", json.dumps(REPAIRS["family.json"]).encode())
    text = "".join(one.value.replace("\\", "") for one in app.run().markdown)
    assert "Familie repair-3, Angehöriger p4: ein anderer Patient; nicht verwendet" in text


def test_a_link_that_cannot_be_read_is_told_in_german(open_app):
    app = open_app(lang="de", f="pvs_patern.present~sex.male")
    [text] = [one.value for one in app.warning]
    assert "- Befund pvs_patern: unbekannter Befund; gemeint vielleicht: pvs_pattern?" in text
    assert is_german(text)


def test_a_case_of_ones_own_that_cannot_be_read_is_refused_in_german(open_app):
    app = open_app("teach", view="own", lang="de")
    app.file_uploader(key="case_open_0").upload("c.json", OWN["c.json"], "application/json").run()
    [text] = [one.value for one in app.error]
    assert text.startswith("c.json: von einer anderen Version von Millet geschrieben (Form 9)")
    assert is_german(text)
