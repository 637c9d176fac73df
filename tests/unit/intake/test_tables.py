"""Tables as spreadsheets and pandas write them: read, or refused with the line of the file and what the file is."""

import gzip
import io
import json
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model import encode, load_network
from model.diagnosis.batch import answer_table
from model.diagnosis.batch_files import answer_file
from model.errors import MilletError
from model.intake.patients import read_chunks, read_patients
from priors import load_knowledge_base

NETWORK = load_network().at_mean()
KNOWLEDGE = load_knowledge_base()
EXPECTED = {"A": {"age_years": "39", "sex": "male"}, "B": {"sex": "female"}}


def read(content, name="in.csv"):
    """Identifier -> findings, and the notes."""
    found = read_patients(content, KNOWLEDGE, name=name)
    return {case.id: dict(case.findings) for case in found.cases}, list(found.notes)


def refusal(content, name="in.csv"):
    with pytest.raises(MilletError) as caught:
        encode(NETWORK, read_patients(content, KNOWLEDGE, name=name).cases)
    assert len(caught.value.problems) == 1
    return str(caught.value)


TABLE = "id,age_years,sex\nA,39,male\nB,,female\n"


@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        TABLE.replace(",", ";"),
        TABLE.replace(",", "\t"),
        TABLE.replace(",", "|"),
        "sep=;\n" + TABLE.replace(",", ";"),
        '"sep=\t"\r\n' + TABLE.replace(",", "\t"),
        TABLE.replace("\n", "\r\n"),
        TABLE.replace("\n", "\r"),
        "\n,,\n" + TABLE,
        TABLE + ",,\n\n ,\t,\n",
        TABLE.replace("\n", ",,\n"),
        "id,,age_years,sex\nA,,39,male\nB, ,,female\n",
        TABLE.replace("male\n", "male,,\n", 1),
        '"id","age_years","sex"\n"A","39","male"\n"B","","female"\n',
        TABLE.replace(",male", ", male\u00a0"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_dialect_gives_the_same_patients(content, encoding):
    assert read(content.encode(encoding)) == (EXPECTED, [])


def test_a_decimal_comma_is_an_age():
    assert read(b"id;age_years\nA;39,5\n")[0] == {"A": {"age_years": "39,5"}}
    found = answer_table(pd.DataFrame({"age_years": ["39,5", 39.5]}), load_network().at_mean())
    assert found.iloc[0, 2:].tolist() == found.iloc[1, 2:].tolist()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('id,sex\n"A\n1",male\n\n,,\nB,x,more\n', "in.csv, line 6: 3 cells; the header has 2"),
        ('sep=,\nid,sex\n"A\n1",male\nA,male,female\n', "in.csv, line 5: 3 cells"),
        ("id,age_years,sex\nA,39\n", "in.csv, line 2: 2 cells; the header has 3"),
        ("id,sex,\nA,male,\nB,male,yes\n", "in.csv, line 3: column 3 has no name but holds 'yes'; name it"),
        (",sex\n0,male\n", "in.csv, line 2: column 1 has no name but holds '0'; name it (id names patients)"),
        ('id,sex\nA,male\n\n"B,male\n', "in.csv, line 4: cannot be read as a table (unexpected end of data)"),
        (
            "id,sex\nA,male\nB,male\nA,female\n",
            "in.csv, line 4, column id: A is there before, at line 2; give each patient its own",
        ),
        ("ID,sex\nA,male\n", "in.csv, header, column ID: unknown finding"),
        ("id,sex\n", "in.csv: no patient; give at least one row"),
        ("", "in.csv: empty; a table is a header and a row below it for each patient"),
    ],
)
def test_lines_are_those_of_the_file(content, said):
    assert said in refusal(content.encode())


def test_the_line_of_a_bad_cell_is_that_of_the_file(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text('id,sex\n"A\n1",male\n\n,\nB,mal\n', encoding="utf-8")
    with pytest.raises(MilletError, match=r"in\.csv, line 6, column sex"):
        answer_file(path, tmp_path / "out.csv", load_network().at_mean())


def zipped(*names):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(
                name, "application/vnd.oasis.opendocument.spreadsheet" if name == "mimetype" else "x"
            )
    return stream.getvalue()


FEATHER = io.BytesIO()
pd.DataFrame({"sex": ["male"]}).to_feather(FEATHER)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            zipped("[Content_Types].xml", "xl/workbook.xml"),
            "is an Excel workbook; save the table as CSV (UTF-8)",
        ),
        (zipped("mimetype", "content.xml"), "is an OpenDocument spreadsheet"),
        (zipped("table.csv"), "is a zip archive; unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "is an Excel workbook of the old kind"),
        (gzip.compress(TABLE.encode(), mtime=0), "is packed with gzip; unpack it"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"\n<html><table>", "is a web page or XML"),
        (FEATHER.getvalue(), "is an Arrow (Feather) file"),
        (TABLE.encode("utf-16-le"), "is UTF-16 text without a byte-order mark; save it as UTF-8"),
        (TABLE.encode("utf-16-be"), "is UTF-16 text without a byte-order mark"),
        (b"id,sex\nA,\0\1\2\n", "is no text"),
        (TABLE.encode("utf-16")[:-1], "is damaged UTF-16"),
        (
            "id,sex\nA,male\nBj\u00f6rn,male\n".encode("cp1252"),
            "in.csv, line 3: byte 0xf6 is not UTF-8; save the file",
        ),
        (b"PAR1 and no more", "cannot be read as a table"),
    ],
)
@pytest.mark.parametrize("name", ["in.csv", "in.json"])
def test_the_message_says_what_the_file_is(content, said, name):
    assert said.replace("in.csv", name) in refusal(content, name)


def parquet(table, **options):
    stream = io.BytesIO()
    table.to_parquet(stream, **options)
    return stream.getvalue()


FRAME = pd.DataFrame({"id": ["A", "B"], "age_years": ["39", None], "sex": ["male", "female"]})


@pytest.mark.parametrize(
    "content",
    [
        parquet(FRAME),
        parquet(FRAME, index=False),
        parquet(FRAME.set_index("id")),
        parquet(FRAME.set_index(["id", "sex"])),
        parquet(FRAME.set_index("id").rename_axis(None)),
        parquet(FRAME.astype("category")),
        parquet(pd.concat([FRAME, pd.DataFrame({"id": [None, " "], "age_years": None, "sex": ["", None]})])),
    ],
)
def test_parquet_keeps_what_pandas_had_in_its_index(content):
    found, notes = read(content, "in.parquet")
    assert found == EXPECTED
    assert [note for note in notes if "the index without a name is not used" not in note] == []


@pytest.mark.parametrize(
    ("rows", "size", "chunks"), [(2, 5, [5, 1, 3]), (9, 4, [4, 4, 1]), (3, 3, [3, 3, 3])]
)
def test_row_groups_of_any_length_give_every_patient_once(rows, size, chunks):
    table = pd.DataFrame({"id": [f"P{i}" for i in range(9)], "sex": "male"})
    found = list(read_chunks(parquet(table, row_group_size=rows), KNOWLEDGE, size, []))
    assert [len(one.ids) for one in found] == chunks
    assert [name for one in found for name in one.ids] == table["id"].tolist()
    assert [line for one in found for line in one.lines] == list(range(1, 10))


def test_an_index_that_names_nobody_is_noted_and_one_that_is_only_described_is_read():
    table = FRAME.set_index(pd.Index(["x", "y"]))
    assert read(parquet(table))[1] == [
        "in.csv: the index without a name is not used; the column id names the patients"
    ]
    ages = FRAME[["id"]].set_index(pd.RangeIndex(39, 41, name="age_years"))
    assert read(parquet(ages))[0] == {"A": {"age_years": 39}, "B": {"age_years": 40}}


def test_cells_of_parquet_are_lists_weights_and_whole_numbers():
    table = pd.DataFrame(
        {
            "id": pd.array([2**60 + 1, None], dtype="Int64"),
            "age_years": [39.0, None],
            "facial_palsy": [["unilateral", "bilateral"], None],
            "fever": [{"absent": 1.0, "present": 3.0}, None],
        }
    )
    found, _ = read(parquet(table))
    assert found == {
        str(2**60 + 1): {
            "age_years": 39,
            "facial_palsy": ["unilateral", "bilateral"],
            "fever": {"absent": 1.0, "present": 3.0},
        }
    }


def arrow(names, *columns):
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([pa.array(column) for column in columns], names=names), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("names", "columns", "said"),
    [
        (["id", "sex", "sex"], (["A"], ["male"], ["female"]), "in.csv, header: given twice: sex; keep one"),
        (
            ["id", "sex", ""],
            (["A"], ["male"], ["x"]),
            "in.csv, row 1: column 3 has no name but holds 'x'; name",
        ),
        (
            ["id", "sex"],
            ([["A"]], ["male"]),
            "in.csv, row 1, column id: found ['A']; allowed is a text or a number",
        ),
        (
            ["id", "sex"],
            ([True], ["male"]),
            "in.csv, row 1, column id: found True; allowed is a text or a number",
        ),
        (["id", "sex"], ([None], [None]), "in.csv: no patient"),
    ],
)
def test_what_parquet_can_hold_and_no_patient_is_made_of(names, columns, said):
    assert said in refusal(arrow(names, *columns))


def test_columns_of_parquet_may_have_blanks_around_their_names_and_hold_maps():
    weights = pa.array([[("absent", 1.0), ("present", 3.0)]], type=pa.map_(pa.string(), pa.float64()))
    found, _ = read(arrow([" id ", "fever", ""], ["A"], weights, pa.nulls(1)))
    assert found == {"A": {"fever": {"absent": 1.0, "present": 3.0}}}


@pytest.mark.parametrize(
    "word", ["NA", "n/a", "NaN", "None", "null", "unknown", "?", "-", "k.A.", "not assessed"]
)
def test_what_others_write_for_not_assessed_is_not_guessed(word):
    said = refusal(f"id,fever\nA,{word}\n".encode())
    assert said.startswith(
        f"in.csv, line 2, column fever: found '{word}'; allowed: absent, present; leave it empty"
    )
    assert "leave it empty" in refusal(json.dumps({"findings": {"age_years": word}}).encode(), "in.json")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "id sex fever\nA male present\n",
            "in.csv, line 1: the header is one cell, 'id sex fever'; separate",
        ),
        ("sep=;\nid,sex\nA,male\n", "in.csv, line 2: the header is one cell, 'id,sex'; separate cells by"),
        ("\ufeff\n", "in.csv: empty; a table is a header"),
        (
            "ID,sex\nA,male\n",
            "in.csv, header, column ID: unknown finding; if it names the patients, call it id",
        ),
        (
            "id,truth\nA,nmosd\n",
            "in.csv, header, column truth: unknown finding; in a case file it stands beside",
        ),
    ],
)
def test_a_header_that_cannot_be_used_says_what_to_do(content, said):
    assert said in refusal(content.encode())


def test_a_frame_with_an_index_is_answered_like_one_without():
    network = load_network().at_mean()
    expected = answer_table(FRAME, network)
    for table in (
        FRAME.set_index("id"),
        FRAME.set_index(["sex", "id"]),
        FRAME.set_index("id").rename_axis(None),
    ):
        pd.testing.assert_frame_equal(answer_table(table, network), expected)
    with pytest.raises(MilletError, match="header: given twice: sex"):
        answer_table(FRAME.set_index("sex", drop=False), network)
