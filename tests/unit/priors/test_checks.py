"""Every rule finds the mistake it is there for, says where it is, and says nothing about correct tables."""

import pytest

import priors
from priors.__main__ import main
from priors.tables import COLUMNS, nearest
from tests.support.tables import write_tables

MISTAKES = {
    # files, columns, cells
    "unknown column": ({"links": ("reason,facts", "reason,fact")}, "links.csv:1: column 'fact' is unknown"),
    "missing column": ({"links": ("reason,facts", "reason,fact")}, "links.csv:1: column 'facts' is missing"),
    "column out of order": (
        {"left_out": ("ledger,reason", "reason,ledger")},
        "left_out.csv:1: columns are repeated",
    ),
    "too few cells": (
        {"states": ("rash,none,None,yes,", "rash,none,None,yes")},
        "states.csv:8: 4 cells where",
    ),
    "too many cells": (
        {"states": ("rash,none,None,yes,", "rash,none,None,yes,,")},
        "states.csv:8: 6 cells where",
    ),
    "open quote": ({"sources": ("Nobody.", '"Nobody.')}, "sources.csv:2: no valid CSV"),
    "blank label": ({"findings": ("rash,Rash", "rash,")}, "findings.csv:5: column 'label' is blank"),
    "blank reason": ({"links": ("warmer there", "")}, "links.csv:2: column 'reason' is blank"),
    "blank statement": ({"facts_101": ("30 of 40 had fever", "")}, "101.csv:2: column 'statement' is blank"),
    "no-break space": (
        {"findings": ("Fever", "High\u00a0fever")},
        "findings.csv:4: column 'label' holds an invisible",
    ),
    # identifiers
    "umlaut in id": (
        {"findings": ("camera,Camera", "kamerä,Camera")},
        "findings.csv:6: id 'kamerä' is not a-z",
    ),
    "capital in id": ({"orders": ("history,H", "History,H")}, "orders.csv:2: id 'History' is not a-z"),
    "reserved id": (
        {"findings": ("camera,Camera", "table,Camera")},
        "findings.csv:6: id 'table' is a reserved word",
    ),
    "blank in state": (
        {"states": ("camera,3T", "camera,3 T")},
        "states.csv:11: state id '3 T' is not letters",
    ),
    "id twice": ({"findings": ("rash,Rash", "fever,Rash")}, "findings.csv:5: 'fever' stands in"),
    "fact id twice": ({"facts_101": ("101-0002,", "101-0001,")}, "101.csv:3: '101-0001' stands in"),
    "state twice": ({"states": ("rash,face", "rash,none")}, "states.csv:9: 'rash, none' stands in"),
    "label twice": (
        {"findings": ("rash,Rash", "rash,fever")},
        "findings.csv:5: label 'fever' is that of 'fever'",
    ),
    # values
    "unknown kind": (
        {"findings": ("Fever,binary", "Fever,boolean")},
        "findings.csv:4: kind 'boolean' is not one of",
    ),
    "unknown role": (
        {"findings": ("age,finding", "age,found")},
        "findings.csv:2: role 'found' is not one of",
    ),
    "unknown direction": ({"links": (",+,", ",up,")}, "links.csv:2: direction 'up' is not one of"),
    "unknown fact kind": ({"facts_101": (",prior,", ",priors,")}, "101.csv:5: kind 'priors' is not one of"),
    # references
    "unknown parent": (
        {"diagnoses": ("flu_b,flu", "flu_b,flue")},
        "diagnoses.csv:4: parent: there is no diagnosis",
    ),
    "unknown order": (
        {"findings": ("binary,finding,examination", "binary,finding,exam")},
        "there is no order 'exam'",
    ),
    "unknown finding": (
        {"states": ("rash,none", "rush,none")},
        "states.csv:8: finding: there is no finding 'rush'",
    ),
    "unknown child": (
        {"links": ("fever,region", "fewer,region")},
        "links.csv:2: child: there is no finding 'fewer'",
    ),
    "unknown link fact": (
        {"links": ("101-0002", "101-0022")},
        "links.csv:2: facts: there is no fact '101-0022'",
    ),
    "unknown prior fact": (
        {"prior_settings": ("101-0004", "101-0040")},
        "facts: there is no fact '101-0040'",
    ),
    "unknown diagnosis": (
        {"facts_101": ("Results,flu_a", "Results,flu_c")},
        "diagnosis: there is no diagnosis 'flu_c'",
    ),
    "unknown excluded": (
        {"exclusions": ("fever,absent", "fevers,absent")},
        "other: there is no finding 'fevers'",
    ),
    # glossary
    "no German definition": (
        {"glossary": ("Anteil durch Rest", "")},
        "glossary.csv:4: column 'definition_de' is blank",
    ),
    "term in capitals": ({"glossary": ("odds,,", "Odds,,")}, "glossary.csv:4: term 'Odds' is not a-z"),
    "label in one language": ({"glossary": ("Odds,Odds", "Odds,")}, "a label stands in one language only"),
    "state without label": (
        {"glossary": ("Facial rash,Gesichtsausschlag", ",")},
        "glossary.csv:3: the term has no label",
    ),
    "term of no finding": (
        {"glossary": ("fever,fever", "fever,fewer")},
        "glossary.csv:2: finding: there is no finding 'fewer'",
    ),
    "term of no state": (
        {"glossary": ("rash,face", "rash,fase")},
        "glossary.csv:3: state: 'rash' has no state 'fase'",
    ),
    "defined twice": (
        {"glossary": ("odds,,,Odds", "heat,fever,,Odds")},
        "glossary.csv:4: 'fever' is defined in line 2 already",
    ),
    "definition without origin": (
        {"glossary": ("101-0001", "101-0010")},
        "glossary.csv:2: source: there is no fact '101-0010'",
    ),
    # not_modelled
    "left out in capitals": (
        {"not_modelled": ("sunburn,Sun", "Sunburn,Sun")},
        "not_modelled.csv:2: term 'Sunburn' is not a-z",
    ),
    "left out but a finding": (
        {"not_modelled": ("UV damage", "temperature")},
        "not_modelled.csv:2: 'temperature' is a name of the finding 'fever'",
    ),
    "no such finding instead": (
        {"not_modelled": ("Erythem,rash", "Erythem,rush")},
        "not_modelled.csv:2: instead: there is no finding 'rush'",
    ),
    # search words
    "words of two things": (
        {"search_words": ("fever,,,,", "fever,,flu_a,,")},
        "search_words.csv:2: the words mean finding and diagnosis",
    ),
    "words of nothing": (
        {"search_words": (",,flu_a,,", ",,,,")},
        "search_words.csv:4: the words mean nothing",
    ),
    "state without a finding": (
        {"search_words": (",,flu_a,,", ",face,flu_a,,")},
        "search_words.csv:4: state 'face' without a finding",
    ),
    "words of an unknown state": (
        {"search_words": ("rash,face", "rash,foot")},
        "search_words.csv:3: state: 'rash' has no state 'foot'",
    ),
    "word of a finding that is not modelled": (
        {"not_modelled": ("UV damage", "pyrexia")},
        "not_modelled.csv:2: 'pyrexia' is a name of the finding 'fever'",
    ),
    # sections
    "section in capitals": ({"sections": ("skin,", "Skin,")}, "sections.csv:2: id 'Skin' is not a-z"),
    "section in one language": (
        {"sections": ("Haut und Wärme", "")},
        "sections.csv:2: column 'label_de' is blank",
    ),
    "section of no finding": (
        {"sections": ("fever|", "fewer|")},
        "sections.csv:2: findings: there is no finding 'fewer'",
    ),
    "section of another examination": (
        {"sections": ("fever|", "age_years|fever|")},
        "sections.csv:2: 'age_years' is obtained by 'history', not by 'examination'",
    ),
    "finding in two sections": (
        {"sections": ("fever|rash", "fever|rash|fever")},
        "sections.csv:2: 'fever' stands in line 2 already",
    ),
    "finding in no section": (
        {"sections": ("fever|rash|", "fever|")},
        "findings.csv:5: 'rash' is in no section of 'examination'",
    ),
    # states
    "unknown state": (
        {"facts_101": (",present,,count", ",presnt,,count")},
        "'fever' has no state 'presnt'; did you",
    ),
    "unknown parent state": (
        {"links": ("south", "suoth")},
        "parent_state: 'region' has no state 'suoth'; did you",
    ),
    "unknown excluded state": (
        {"exclusions": ("absent", "abscent")},
        "other_state: 'fever' has no state 'abscent'",
    ),
    "state of nothing": (
        {"facts_101": ("flu_a,,,,", "flu_a,,present,,")},
        "state 'present' belongs to no finding",
    ),
    "given no pair": (
        {"facts_101": ("region=south", "south")},
        "101.csv:3: given 'south' is not variable=state",
    ),
    "given unknown": (
        {"facts_101": ("region=south", "regoin=south")},
        "is not variable=state; did you mean 'region'",
    ),
    "given state": ({"facts_101": ("region=south", "region=west")}, "given: 'region' has no state 'west'"),
    "third state": (
        {"findings": ("Rash,categorical", "Rash,binary")},
        "findings.csv:5: 'rash' has 3 states; a binary",
    ),
    "one state": (
        {"states": ("camera,3T,Three,,\n", "")},
        "findings.csv:6: 'camera' has 1 states; a categorical",
    ),
    "no reference": (
        {"states": ("fever,absent,Absent,yes", "fever,absent,Absent,")},
        "reference states none",
    ),
    "two references": ({"states": ("rash,face,Face,", "rash,face,Face,yes")}, "reference states none, face"),
    "bin misnamed": ({"states": ("age_0_18", "child")}, "states.csv:2: 'child' is no age bin"),
    "bin backwards": ({"states": ("age_0_18", "age_18_0")}, "states.csv:2: 'age_18_0' is no age bin"),
    "gap between bins": (
        {"states": ("age_18_121", "age_19_121")},
        "bin 'age_19_121' does not begin where the one",
    ),
    # structure
    "cyclic hierarchy": ({"diagnoses": ("flu,,Influenza", "flu,flu_a,Influenza")}, "diagnoses.csv: cycle:"),
    "own parent": (
        {"links": ("fever,region,south", "fever,fever,absent")},
        "links.csv:2: 'fever' is its own parent",
    ),
    "half a direction": (
        {"links": ("south,flu", ",flu")},
        "direction '+' without parent_state or child_state",
    ),
    "row below another": (
        {"diagnoses": ("A,infectious,", "A,infectious,yes")},
        "'flu_a' is a table row and has a",
    ),
    "group differs": (
        {"diagnoses": ("B,infectious", "B,viral")},
        "group 'viral' differs from that of its parent",
    ),
    "excludes itself": (
        {"exclusions": ("fever,absent", "rash,face")},
        "exclusions.csv:2: 'rash' excludes itself",
    ),
    "excluded twice": (
        {"exclusions": ("with fever\n", "with fever\nfever,absent,rash,trunk,again\n")},
        "exclusions.csv:3: this exclusion stands in the table the other way round",
    ),
    # numbers
    "cost above 10": (
        {"orders": ("0.5,0,0", "50,0,0")},
        "orders.csv:3: cost '50' is not a number of 0 to 10",
    ),
    "decimal comma": ({"orders": ("0.5,0,0", '"0,5",0,0')}, "orders.csv:3: cost '0,5' is not a number"),
    "position twice": (
        {"orders": ("Examination,2", "Examination,1")},
        "orders.csv:3: position 1 is that of 'history' already",
    ),
    "half a position": (
        {"orders": ("Examination,2", "Examination,1.5")},
        "position '1.5' is no whole number",
    ),
    "no order": ({"findings": ("binary,finding,examination", "binary,finding,")}, "'fever' has no order"),
    "scale falls": ({"scales": ("0.25,0.5,0.8", "0.6,0.5,0.8")}, "scales.csv:2: low 0.6 is above median 0.5"),
    "scale certain": ({"scales": ("0.25,0.5,0.8", "0.25,0.5,1")}, "scales.csv:2: a point is 0 or 1"),
    "scale above 1": (
        {"scales": ("0.25,0.5,0.8", "0.25,0.5,8")},
        "scales.csv:2: high '8' is not a number of 0 to 1",
    ),
    "share missing": (
        {"scales": ("region=south", "region=north2")},
        "no row gives 'region=south' on the scale 'root'",
    ),
    "share of nothing": (
        {"scales": ("camera=3T", "camera=9T")},
        "scales.csv:6: 'camera=9T' is no state of a root",
    ),
    "weight of 0": ({"prior_settings": ("50,100,200", "0,0,0")}, "prior_settings.csv:5: the weight is 0"),
    "weight missing": ({"prior_settings": ("documents,flu_a", "documents,flu")}, "gives 'flu_a' no weight;"),
    "weight of a region": (
        {"prior_settings": ("flu_b,south", "other,south")},
        "gives 'flu_b' no weight for south",
    ),
    "weight, region": (
        {"prior_settings": ("flu_b,south", "flu_b,west")},
        "region: 'region' has no state 'west'",
    ),
    # facts
    "fact id form": (
        {"facts_101": ("101-0003,", "101-3,")},
        "101.csv:4: fact id '101-3' is not of the form 001-0123",
    ),
    "fact in other file": (
        {"facts_101": ("101-0003,", "102-0003,")},
        "101.csv:4: fact '102-0003' stands in 101.csv",
    ),
    "unknown source": (
        {"sources": ("101,Invented", "102,Invented")},
        "101.csv: source '101' is not in sources.csv",
    ),
    "count without n": ({"facts_101": (",30,,40,", ",30,,,")}, "101.csv:2: a fact of kind 'count' needs 'n'"),
    "count above n": ({"facts_101": (",30,,40,", ",50,,40,")}, "101.csv:2: low 50 is above n 40"),
    "half a patient": (
        {"facts_101": (",30,,40,", ",30.5,,40,")},
        "101.csv:2: low '30.5' is not a whole number",
    ),
    "nobody": ({"facts_101": (",30,,40,", ",0,,0,")}, "101.csv:2: n '0' is not a number of 1 or more"),
    "percentage above 1": (
        {"facts_101": (",count,30,,40,", ",percentage,75,,40,")},
        "101.csv:2: low '75' is not a number of 0 to 1",
    ),
    "range backwards": (
        {"facts_101": (",count,30,,40,", ",range,0.7,0.3,,")},
        "101.csv:2: low 0.7 is above high 0.3",
    ),
    "bound without bound": (
        {"facts_101": (",count,30,,40,", ",upper_bound,0.3,,,")},
        "'upper_bound' needs 'high'",
    ),
    "age above 120": (
        {"facts_101": (",20,40,", ",20,400,")},
        "101.csv:4: high '400' is not a number of 0 to 120",
    ),
    "age of fever": (
        {"facts_101": ("flu,age_years,", "flu,fever,")},
        "age_range of 'fever', which is no age",
    ),
    "age without ends": (
        {"facts_101": (",20,40,", ",,,")},
        "a fact of kind 'age_range' needs 'low' or 'high'",
    ),
    "word without term": ({"facts_101": (",common,", ",,")}, "101.csv:3: a fact of kind 'word' needs 'term'"),
    "unknown word": (
        {"facts_101": (",common,", ",comon,")},
        "no term 'comon' on the scale 'word'; did you mean",
    ),
    "word of other scale": ({"facts_101": (",common,", ",table,")}, "no term 'table' on the scale 'word'"),
    "unknown column of a table": ({"facts_101": ("3, cord", "3, spine")}, "names no column of Table 3"),
    # the ledger
    "ledger id form": ({"facts_101": ("F0003", "F3")}, "101.csv:4: ledger id 'F3' is not of the form F0123"),
    "left out and used": (
        {"left_out": ("F0004", "F0003")},
        "left_out.csv:2: F0003 is left out, but 101-0003 uses it",
    ),
    "left out twice": (
        {"left_out": ("a patient\n", "a patient\nF0004,again\n")},
        "left_out.csv:3: 'F0004' stands in tables/left_out.csv:2 already",
    ),
    "left out, form": ({"left_out": ("F0004", "F04")}, "left_out.csv:2: ledger id 'F04' is not of the form"),
    "ledger row missing": (
        {"facts_101": (",F0003", ",")},
        "ledger_ids.txt:3: F0003 is neither carried by a fact",
    ),
    "unknown ledger row": ({"left_out": ("F0004", "F0005")}, "left_out.csv:2: the ledger has no row 'F0005'"),
    "no ledger": (
        {"ledger_ids": ("F0001\nF0002\nF0003\nF0004\n", "")},
        "ledger_ids.txt: there is no list of",
    ),
}


def test_correct_tables_have_no_problem(small_tables):
    assert [str(problem) for problem in priors.check(small_tables).problems] == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_and_its_place_and_remedy_are_told(tmp_path, mistake):
    changes, message = MISTAKES[mistake]
    report = priors.check(write_tables(tmp_path / "tables", **changes))
    found = [str(problem) for problem in report.errors if message in str(problem)]
    assert len(found) == 1, [str(problem) for problem in report.problems]
    assert found[0].startswith("tables/")
    assert "; " in found[0]


def test_a_cycle_through_the_diagnosis_is_found(tmp_path):
    folder = write_tables(
        tmp_path / "tables",
        links=(
            "101-0002\n",
            "101-0002\ndiagnosis,fever,,,,none,why not,\nfever,diagnosis,,,,none,why not,\n",
        ),
    )
    assert any("links.csv: cycle: " in str(problem) for problem in priors.check(folder).errors)


def test_a_parent_of_the_diagnosis_is_no_cycle(tmp_path):
    links = ("101-0002\n", "101-0002\ndiagnosis,region,,,,none,rarer there,\n")
    assert not priors.check(write_tables(tmp_path, links=links)).errors


def test_several_mistakes_are_told_at_once_in_the_order_of_the_files(tmp_path):
    changes = {
        "states": ("rash,none", "rush,none"),
        "links": ("south", "west"),
        "orders": ("0.5,0,0", "11,0,0"),
    }
    problems = priors.check(write_tables(tmp_path / "tables", **changes)).errors
    assert [problem.file.split("/")[1] for problem in problems] == ["links.csv", "orders.csv", "states.csv"]


def test_a_file_that_is_not_utf_8_is_named_with_the_line(small_tables):
    (small_tables / "sources.csv").write_bytes("id,title\n101,Balo\n102,Bal\u00f3\n".encode("latin-1"))
    found = [str(problem) for problem in priors.check(small_tables).errors]
    assert "tables/sources.csv:3: the file is not UTF-8; save it as UTF-8" in found


def test_a_row_after_a_quoted_line_break_keeps_its_line(tmp_path):
    changes = {"sources": ("Nobody. Invented for the tests.", '"Nobody.\nInvented."')}
    folder = write_tables(tmp_path / "tables", **changes)
    with (folder / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("101,Again,Nobody,,,\n")
    assert any(
        "sources.csv:4: '101' stands in tables/sources.csv:2" in str(p) for p in priors.check(folder).errors
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"orders": ("examination,E", "biopsy,B,3,9,1,3,,\nexamination,E")},
            "no finding is obtained by 'biopsy'",
        ),
        (
            {"links": ("fever,region,south,flu,present", "rash,region,south,flu,face")},
            "but no arc joins them",
        ),
    ],
)
def test_lost_knowledge_is_a_warning_and_no_error(tmp_path, changes, message):
    report = priors.check(write_tables(tmp_path, **changes))
    assert not report.errors
    assert [message in str(problem) for problem in report.warnings] == [True]


def test_a_peak_of_an_age_and_a_word_for_an_age_are_understood(tmp_path):
    facts = ("flu,age_years,,,age_range", "flu,age_years,peak_2,,age_range")
    assert not priors.check(write_tables(tmp_path / "peak", facts_101=facts)).errors
    facts = ("region=south", "age_years=paediatric")
    assert not priors.check(write_tables(tmp_path / "word", facts_101=facts)).errors


def test_cells_of_the_printed_tables_are_counted_once_per_diagnosis(tmp_path):
    folder = write_tables(tmp_path, facts_101=("Results,flu_a", "Table 1,flu_a"))
    coverage = priors.check(folder).coverage
    assert (
        len(coverage.cells) == 12
    )  # Table 1 one column, Table 2 six, Table 3 five; one diagnosis is a table row
    assert len(coverage.empty_cells) == 10  # Table 1 through its part flu_a, and Table 3 cord
    assert ("Table 1", "column", "flu") not in coverage.empty_cells
    assert ("Table 3", "cord", "flu") not in coverage.empty_cells


def test_the_ledger_is_counted(small_tables):
    coverage = priors.check(small_tables).coverage
    assert (coverage.ledger_used, coverage.ledger_left_out, coverage.ledger_missing) == (3, 1, ())
    assert coverage.findings_without_fact == ("rash",)


def test_the_command_prints_the_report_and_exits_with_0(small_tables, capsys):
    assert main([str(small_tables)]) == 0
    printed = capsys.readouterr().out
    assert "facts per source: 101: 4 (total 4)" in printed
    assert "cells of Tables 1 to 3 with a fact: 1 of 12" in printed
    assert "ledger rows: 3 used, 1 left out with a reason, 0 missing" in printed
    assert printed.endswith("0 errors, 0 warnings\n")


def test_the_command_exits_with_1_on_an_error(tmp_path, capsys):
    assert main([str(write_tables(tmp_path / "tables", links=("south", "west")))]) == 1
    assert "error: tables/links.csv:2: parent_state: 'region' has no state 'west'" in capsys.readouterr().out


def test_every_table_has_a_file_in_the_package(root):
    tables = {
        path.relative_to(root / "priors").with_suffix("").as_posix()
        for path in (root / "priors").glob("*.csv")
    }
    judged = {f"judgement/{path.stem}" for path in (root / "priors" / "judgement").glob("*.csv")}
    assert tables | judged == set(COLUMNS) - {"facts", "facts/literature"} | {"codes"}


def test_names_are_suggested_nearest_first():
    assert nearest("feverr", ["fever", "rash", "never"]) == "did you mean 'fever' or 'never'?"


def test_a_long_list_of_allowed_names_is_cut():
    assert nearest("zzz", [f"name_{i}" for i in range(20)]).endswith(", ...")


def test_nothing_to_suggest_says_so():
    assert nearest("fever", []) == "there is none yet: add it first"
