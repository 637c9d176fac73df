"""The facts carry every cell of the printed tables of the review: compared with a second transcription."""

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


def differing(expected, found):
    """What the transcription has beside what the facts have, where the two differ."""
    assert len(expected) > 3
    return {key: (cell, found(key)) for key, cell in expected.items() if cell != found(key)}


def test_table_3_has_the_printed_symbols():
    columns = ("pvs", "", "leptomeningeal", "haemorrhage", "cord")
    cells = {(row, i): {printed.TABLE_3[row][i]} for row in printed.TABLE_3 for i in printed.TABLE_3_FINDINGS}

    def found(cell):
        row, column = cell
        return symbols(f"Table 3, {columns[column]}", row, *printed.TABLE_3_FINDINGS[column])

    assert len(cells) == 17 * 4
    assert differing(cells, found) == {}


def test_table_3_has_the_printed_localisations():
    """Where the cell names one compartment, that one is usual and the others are not."""
    usual = {printed.BOTH: set(), printed.INFRA: {"infratentorial"}}
    cells = {row: usual.get(cells[1], {"supratentorial"}) for row, cells in printed.TABLE_3.items()}
    facts = [fact for fact in at("Table 3, localisation") if fact.finding == "localisation"]

    def found(row):
        terms = {fact.state: fact.term for fact in facts if fact.diagnosis == row}
        assert set(terms) == {"supratentorial", "infratentorial", "both"}, row
        return {state for state, term in terms.items() if term == "usual"}

    assert differing(cells, found) == {}


def test_table_3_has_the_bracketed_remarks():
    found = {(f.diagnosis, f.finding, f.state, f.given) for f in FACTS if f.location.startswith("Table 3")}
    assert printed.TABLE_3_REMARKS - found == set()


def test_table_3_has_no_symbol_beyond_the_printed_ones():
    assert sum(f.kind == "symbol" for f in FACTS if f.location.startswith("Table 3")) == 17 * 4


def test_table_2_has_the_printed_sexes():
    read = {"F>M": ("female", "predominance"), "M>F": ("male", "predominance"), "M=F": ("female", "equal")}
    cells = {row: [("sex", *read[cells[0]])] for row, cells in printed.TABLE_2.items()}
    facts = at("Table 2, sex")
    assert (
        differing(cells, lambda row: [(f.finding, f.state, f.term) for f in facts if f.diagnosis == row])
        == {}
    )


def test_table_2_has_the_printed_steroid_responses():
    state = {"+/-": "partial_or_transient"}
    cells = {
        row: [("steroid_response", state.get(symbol, "marked"), symbol)]
        for row, (_, symbol, *_) in printed.TABLE_2.items()
    }
    facts = [fact for fact in at("Table 2, steroids") if fact.kind == "symbol"]
    assert (
        differing(cells, lambda row: [(f.finding, f.state, f.term) for f in facts if f.diagnosis == row])
        == {}
    )


def test_table_2_has_the_printed_findings():
    columns = ("Table 2, symptoms", "Table 2, csf", "Table 2, additional")
    found = {(fact.diagnosis, fact.finding) for column in columns for fact in at(column)}
    cells = {(row, name) for row, names in printed.TABLE_2_LISTS.items() for name in names.split()}
    assert len(cells) > 50
    assert cells - found == set()


def test_table_2_has_the_printed_ages():
    found = {(fact.diagnosis, bound) for fact in at("Table 2, age") for bound in (fact.low, fact.high)}
    cells = {(row, age) for row, ages in printed.TABLE_2_AGES.items() for age in ages}
    assert len(cells) > 10
    assert cells - found == set()


def test_table_2_has_the_immunocompromised_rows():
    facts = [fact for fact in at("Table 2, age") if fact.finding == "immune_status"]
    assert {fact.diagnosis for fact in facts} == set(printed.IMMUNOCOMPROMISED)


def test_table_1_lists_every_row_with_or_without_pvs_involvement():
    columns = {
        "Table 1, PVS involvement": (printed.TABLE_1_PVS, "listed"),
        "Table 1, Non-PVS involvement": (printed.TABLE_1_NON_PVS, "negative"),
    }
    for column, (rows, kind) in columns.items():
        facts = [fact for fact in at(column) if fact.finding == "pvs_pattern"]
        assert sorted((f.diagnosis, f.kind) for f in facts) == sorted((row, kind) for row in rows), column


def test_table_1_makes_every_row_a_cause_of_miliary_enhancement():
    causes = {f.diagnosis for f in FACTS if f.location.startswith("Table 1") and f.state == "miliary"}
    assert causes == set(printed.TABLE_3)


def test_box_1_names_the_rows_beside_the_findings():
    found = {(f.finding, KNOWLEDGE.row(f.diagnosis)) for f in at("Box 1") if f.diagnosis}
    cells = {(finding, row) for finding, rows in printed.BOX_1.items() for row in rows}
    assert len(cells) > 10
    assert cells - found == set()
