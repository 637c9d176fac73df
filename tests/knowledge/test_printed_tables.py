"""The facts carry every cell of the printed tables of the review: compared with a second transcription."""

import pytest

from priors import load_knowledge_base
from tests.knowledge import printed

KNOWLEDGE = load_knowledge_base()
FACTS = tuple(KNOWLEDGE.facts.values())


def at(location):
    """Facts of one column of a printed table, those of leaves counted to their row."""
    return [fact for fact in FACTS if fact.source == "001" and fact.location == location]


def symbols(location, row, finding, state):
    return {
        fact.term
        for fact in at(location)
        if (fact.diagnosis, fact.finding, fact.state, fact.kind) == (row, finding, state, "symbol")
    }


def test_the_tables_have_the_17_rows_of_the_network():
    rows = {name for name, diagnosis in KNOWLEDGE.diagnoses.items() if diagnosis.is_table_row}
    assert len(rows) == 17
    assert set(printed.TABLE_3) == set(printed.TABLE_2) == set(printed.TABLE_2_LISTS) == rows
    assert rows == printed.TABLE_1_PVS | printed.TABLE_1_NON_PVS


@pytest.mark.parametrize("row", printed.TABLE_3)
@pytest.mark.parametrize("column", printed.TABLE_3_FINDINGS)
def test_table_3_has_the_printed_symbol(row, column):
    finding, state = printed.TABLE_3_FINDINGS[column]
    location = "Table 3, " + ("pvs", "", "leptomeningeal", "haemorrhage", "cord")[column]
    assert symbols(location, row, finding, state) == {printed.TABLE_3[row][column]}


@pytest.mark.parametrize("row", printed.TABLE_3)
def test_table_3_has_the_printed_localisation(row):
    """Where the cell names one compartment, that one is usual and the others are not."""
    words = {
        fact.state: fact.term
        for fact in at("Table 3, localisation")
        if fact.diagnosis == row and fact.finding == "localisation"
    }
    assert set(words) == {"supratentorial", "infratentorial", "both"}
    cell = printed.TABLE_3[row][1]
    if cell == printed.BOTH:
        assert "usual" not in words.values()
    else:
        usual = "infratentorial" if cell == printed.INFRA else "supratentorial"
        assert [state for state, term in words.items() if term == "usual"] == [usual]


@pytest.mark.parametrize(("row", "finding", "state", "given"), sorted(printed.TABLE_3_REMARKS))
def test_table_3_has_the_bracketed_remark(row, finding, state, given):
    found = [(f.diagnosis, f.finding, f.state, f.given) for f in FACTS if f.location.startswith("Table 3")]
    assert (row, finding, state, given) in found


def test_table_3_has_no_symbol_beyond_the_printed_ones():
    assert sum(f.kind == "symbol" for f in FACTS if f.location.startswith("Table 3")) == 17 * 4


@pytest.mark.parametrize("row", printed.TABLE_2)
def test_table_2_has_the_printed_sex(row):
    (fact,) = [fact for fact in at("Table 2, sex") if fact.diagnosis == row]
    read = {"F>M": ("female", "predominance"), "M>F": ("male", "predominance"), "M=F": ("female", "equal")}
    assert (fact.finding, fact.state, fact.term) == ("sex", *read[printed.TABLE_2[row][0]])


@pytest.mark.parametrize("row", printed.TABLE_2)
def test_table_2_has_the_printed_steroid_response(row):
    (fact,) = [f for f in at("Table 2, steroids") if f.diagnosis == row and f.kind == "symbol"]
    symbol = printed.TABLE_2[row][1]
    state = "partial_or_transient" if symbol == "+/-" else "marked"
    assert (fact.finding, fact.state, fact.term) == ("steroid_response", state, symbol)


@pytest.mark.parametrize("row", printed.TABLE_2_LISTS)
def test_table_2_has_the_printed_findings(row):
    columns = ("Table 2, symptoms", "Table 2, csf", "Table 2, additional")
    found = {fact.finding for column in columns for fact in at(column) if fact.diagnosis == row}
    assert set(printed.TABLE_2_LISTS[row].split()) - found == set()


@pytest.mark.parametrize("row", printed.TABLE_2_AGES)
def test_table_2_has_the_printed_ages(row):
    facts = [fact for fact in at("Table 2, age") if fact.diagnosis == row]
    assert printed.TABLE_2_AGES[row] - {bound for fact in facts for bound in (fact.low, fact.high)} == set()


@pytest.mark.parametrize("row", printed.TABLE_2)
def test_table_2_has_the_immunocompromised_rows(row):
    facts = [f for f in at("Table 2, age") if f.diagnosis == row and f.finding == "immune_status"]
    assert bool(facts) == (row in printed.IMMUNOCOMPROMISED)


@pytest.mark.parametrize("row", sorted(printed.TABLE_1_PVS))
def test_table_1_lists_the_row_with_pvs_involvement(row):
    facts = [f for f in at("Table 1, PVS involvement") if f.diagnosis == row and f.finding == "pvs_pattern"]
    assert [fact.kind for fact in facts] == ["listed"]


@pytest.mark.parametrize("row", sorted(printed.TABLE_1_NON_PVS))
def test_table_1_lists_the_row_without_pvs_involvement(row):
    facts = [
        f for f in at("Table 1, Non-PVS involvement") if f.diagnosis == row and f.finding == "pvs_pattern"
    ]
    assert [fact.kind for fact in facts] == ["negative"]


def test_table_1_makes_every_row_a_cause_of_miliary_enhancement():
    causes = {f.diagnosis for f in FACTS if f.location.startswith("Table 1") and f.state == "miliary"}
    assert causes == set(printed.TABLE_3)


@pytest.mark.parametrize("finding", printed.BOX_1)
def test_box_1_names_the_rows_beside_the_finding(finding):
    named = {KNOWLEDGE.row(f.diagnosis) for f in at("Box 1") if f.finding == finding and f.diagnosis}
    assert printed.BOX_1[finding] - named == set()
