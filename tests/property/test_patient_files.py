"""Files of every format and spelling, written from a list of findings: the same patients come back, or a note says not."""

import csv
import io
import json
from contextlib import suppress

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from model import Case, encode, load_network, read_patients
from model.errors import ContradictionError, MilletError
from model.exchange import to_phenopacket
from model.patient.naming import observable
from model.patient.weights import weights
from priors import load_knowledge_base

NETWORK = load_network()
KNOWLEDGE = load_knowledge_base()
FINDINGS = observable(KNOWLEDGE)
CREATED = "2026-01-31T12:00:00Z"


def values(variable):
    """A state, several, or an age to the half year, which a duration in months holds exactly."""
    if variable.kind == "age":
        return st.integers(0, 239).map(lambda halves: halves / 2)
    some = st.sets(st.sampled_from(variable.state_ids), min_size=1)
    return some.map(lambda given: "|".join(state for state in variable.state_ids if state in given))


IDS = st.text("ABCabc019 -_.;,\t\"'äß\n", min_size=1, max_size=8).map(str.strip).filter(bool)
PATIENTS = st.lists(
    st.tuples(IDS, st.lists(st.sampled_from(sorted(FINDINGS)), min_size=1, max_size=6, unique=True)),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[0],
).flatmap(
    lambda named: st.tuples(
        *(
            st.fixed_dictionaries({name: values(FINDINGS[name]) for name in names}).map(
                lambda findings, one=one: Case(one, findings)
            )
            for one, names in named
        )
    )
)


def said(cases):
    """Identifier -> finding -> weights of the states, of whatever says something."""
    return {
        case.id: {
            name: vector.tolist()
            for name, value in case.findings.items()
            if len(set(vector := weights(value, FINDINGS[name], "cell"))) > 1
        }
        for case in cases
    }


def read(content, name="file"):
    """What a file says of its patients, and its notes."""
    found = read_patients(content, KNOWLEDGE, name=name)
    with suppress(ContradictionError):  # drawn by chance; everything else would be a fault of reading
        encode(NETWORK, found.cases)
    return said(found.cases), found.notes


def table(cases):
    """Header and rows, with every finding that some patient has."""
    columns = list(dict.fromkeys(name for case in cases for name in case.findings))
    return ["id", *columns], [[case.id, *(case.findings.get(name) for name in columns)] for case in cases]


def changed_keys(content, change):
    """The same JSON with every key changed."""
    if isinstance(content, dict):
        return {change(key): changed_keys(value, change) for key, value in content.items()}
    return [changed_keys(one, change) for one in content] if isinstance(content, list) else content


def snake(key):
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)


def as_version_1(packet):
    """What version 1 of the schema calls the same."""
    subject = dict(packet["subject"])
    if time := subject.pop("timeAtLastEncounter", None):
        subject["ageAtCollection"] = {"age": time["age"]["iso8601duration"]}
    features = [
        {("negated" if key == "excluded" else key): value for key, value in one.items()}
        for one in packet.get("phenotypicFeatures", [])
    ]
    meta = {**packet["metaData"], "phenopacketSchemaVersion": "1.0.0"}
    return {**packet, "subject": subject, "phenotypicFeatures": features, "metaData": meta}


@given(PATIENTS, st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_a_case_file(cases, alone, encoding):
    content = [{"id": case.id, "findings": dict(case.findings)} for case in cases]
    text = json.dumps(content[0] if alone else content, ensure_ascii=False)
    assert read(text.encode(encoding)) == (said(cases[:1] if alone else cases), ())


@given(
    PATIENTS,
    st.sampled_from([1, 2]),
    st.sampled_from([str, snake]),
    st.sampled_from(["list", "cohort", "families"]),
)
def test_phenopackets(cases, version, spelling, wrapped):
    packets = [to_phenopacket(case, KNOWLEDGE, created=CREATED).packet for case in cases]
    packets = [as_version_1(one) for one in packets] if version == 1 else packets
    relative = {"id": "relative", "subject": {"sex": "MALE"}, "metaData": packets[0]["metaData"]}
    content = {
        "list": packets,
        "cohort": {"id": "C", "members": packets, "metaData": packets[0]["metaData"]},
        "families": [{"id": "F", "proband": one, "relatives": [relative]} for one in packets],
    }[wrapped]
    found, notes = read(json.dumps(changed_keys(content, spelling)).encode())
    assert found == said(cases)
    assert len(notes) == (len(packets) if wrapped == "families" else 0)


@given(PATIENTS, st.data())
def test_a_csv_table_in_any_dialect(cases, data):
    header, rows = table(cases)
    separator = data.draw(st.sampled_from(",;\t"))
    dialect = {"delimiter": separator, "lineterminator": data.draw(st.sampled_from(["\n", "\r\n"]))}
    dialect["quoting"] = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    is_comma = data.draw(st.booleans()) and separator != ","
    n_empty = data.draw(st.integers(0, 2))
    stream = io.StringIO(newline="")
    if data.draw(st.booleans()):
        stream.write(f"sep={separator}\n")
    writer = csv.writer(stream, **dialect)
    for row in (header, *rows):
        for _ in range(data.draw(st.integers(0, 1))):
            writer.writerow([""] * (len(header) + n_empty))
        cells = [
            str(cell).replace(".", ",") if is_comma and isinstance(cell, float) else cell for cell in row
        ]
        writer.writerow([*cells, *[""] * n_empty])
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    assert read(stream.getvalue().encode(encoding)) == (said(cases), ())


@given(PATIENTS, st.sampled_from(["none", "id", "id without name", "a finding", "all"]), st.booleans())
def test_a_parquet_table_with_any_index(cases, index, lists):
    header, rows = table(cases)
    frame = pd.DataFrame(rows, columns=header).astype({"id": object})
    if lists:
        for name in header[1:]:
            if FINDINGS[name].kind != "age":
                frame[name] = [cell.split("|") if isinstance(cell, str) else None for cell in frame[name]]
    if index == "id":
        frame = frame.set_index("id")
    elif index == "id without name":
        frame = frame.set_index("id").rename_axis(None)
    elif index == "a finding" and not lists:
        frame = frame.set_index(header[1])
    elif index == "all" and not lists:
        frame = frame.set_index(header[:2])
    stream = io.BytesIO()
    frame.to_parquet(stream)
    assert read(stream.getvalue()) == (said(cases), ())


@given(
    st.lists(st.tuples(st.sampled_from(["id", "sex", "fever", "age_years", "x", ""]), st.text(max_size=4)))
)
def test_no_cell_with_content_is_passed_over(cells):
    """Of a table of one row with any header, whatever is filled comes back, or the table is refused."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([name for name, _ in cells])
    writer.writerow([text for _, text in cells])

    try:
        found = read_patients(stream.getvalue().encode("utf-8", "replace"), KNOWLEDGE)
    except MilletError:
        return
    [case] = found.cases
    filled = {name: text.strip() for name, text in cells if text.strip()}
    assert {"id": case.id, **case.findings} == {"id": case.id, **filled}
