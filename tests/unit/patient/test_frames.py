"""A frame says the same to `encode`, to `answer_table` and, written as Parquet, to every reader of files."""

import io
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from model import encode, load_network, read_patients
from model.diagnosis.batch import answer_table
from model.errors import EvidenceError, MilletError

NETWORK = load_network().at_mean()
FRAME = pd.DataFrame(
    {"id": ["A", "B"], "age_years": [39.0, np.nan], "sex": ["male", "female"], "fever": ["present", None]}
)
EXPECTED = {"A": {"age_years": 39, "sex": "male", "fever": "present"}, "B": {"sex": "female"}}

SAME = {
    "plain": FRAME,
    "index": FRAME.set_index("id"),
    "labels": FRAME.set_index("id").rename_axis(None),
    "levels": FRAME.set_index(["id", "sex"]),
    "finding in the index": FRAME.drop(columns="id").set_index("sex"),
    "categories": FRAME.astype({"sex": "category", "fever": "category"}),
    "nullable": FRAME.astype({"age_years": "Int64", "sex": "string"}),
    "not a time": FRAME.assign(age_years=pd.Series([39, pd.NaT], dtype=object)),
    "decimals": FRAME.assign(age_years=[Decimal("39"), None]),
    "arrays": FRAME.assign(fever=[np.array(["present"]), None]),
    "blanks": FRAME.assign(fever=[" present ", " "]),
    "repeated numbers": FRAME.set_axis([0, 0]),
}


def unnamed(found):
    """What is said of each patient; a finding in the index leaves no place for names."""
    return list(said(found.cases).values())


def said(cases):
    """Identifier -> finding -> value, a list of one as that one."""
    return {
        case.id: {
            name: value[0] if isinstance(value, list) else value for name, value in case.findings.items()
        }
        for case in cases
    }


@pytest.mark.parametrize("frame", SAME.values(), ids=SAME)
def test_every_shape_of_a_frame_says_the_same_to_every_reader(frame):
    assert unnamed(encode(NETWORK, frame)) == list(EXPECTED.values())
    assert answer_table(frame, NETWORK)["n_findings"].tolist() == [3, 1]
    if frame is not SAME["not a time"]:  # no type of Parquet holds it
        stream = io.BytesIO()
        frame.to_parquet(stream)
        assert unnamed(read_patients(stream.getvalue(), NETWORK.knowledge)) == list(EXPECTED.values())


@pytest.mark.parametrize(
    ("frame", "line"),
    [
        (FRAME.set_axis(["id", "sex", "sex", "fever"], axis=1), "header: given twice: sex; keep one of them"),
        (
            FRAME.set_index(["id", "sex"]).rename_axis(["id", None]),
            "index: 1 level without a name; name them",
        ),
        (
            FRAME.rename(columns={"id": "case"}),
            "column case: unknown finding; if it names the patients, call it id",
        ),
        (FRAME.rename(columns={"id": "mrn"}), "column mrn: unknown finding"),
        (FRAME.assign(id=[["A"], ["B"]]), "column id: found ['A']; allowed is a text or a number; change it"),
        (FRAME.set_index("id").rename_axis(None).set_axis(["A", "A"]), "A"),
    ],
)
def test_what_cannot_be_read_is_refused_by_both_alike(frame, line):
    for ask in (lambda: encode(NETWORK, frame), lambda: answer_table(frame, NETWORK)):
        with pytest.raises(MilletError) as caught:
            ask()
        assert line in str(caught.value)


def test_a_line_of_a_frame_is_a_patient_with_a_name():
    assert said(encode(NETWORK, FRAME.iloc[0]).cases) == {"A": EXPECTED["A"]}
    assert encode(NETWORK, FRAME.set_index("id").iloc[1]).ids == ("B",)


def test_a_value_of_many_lines_is_refused_in_one():
    for wrong in ({"fever": pd.Series(["present"])}, np.array(5)):
        with pytest.raises(EvidenceError) as caught:
            encode(NETWORK, wrong)
        assert len(str(caught.value).splitlines()) == 1
