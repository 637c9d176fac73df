"""The tables of reading are checked like the others: each problem names its file, its line and the way out."""

import shutil
from pathlib import Path

import pytest

import priors
from priors.reading_rules import load_reading_rules
from priors.schema import KnowledgeError

SHIPPED = Path(priors.__file__).parent
KNOWLEDGE = priors.load_knowledge_base()

BROKEN = {
    "terms.csv": ("en,headache,sometimes,ache", "unknown state 'sometimes' of headache"),
    "rules.csv": (
        "x,headache,present,absent,lesion & nowhere,4,,Ache.,headache=present",
        "unknown concept 'nowhere'",
    ),
    "context.csv": ("en,negated,sideways,hardly,Hardly any fever.,fever=absent", "direction 'sideways'"),
    "tests.csv": ("aqp4,fevr,csf,must,,,,,,,Fever.,fever=present", "unknown finding 'fevr'"),
    "reference_values.csv": ("protein,,g/l,,high,no source", "high 'high' is no number"),
    "units.csv": ("protien,g/l,g/l,1", "unknown test 'protien'"),
    "patterns.csv": ("x,en,years,(?P<n>,Old.,age_years=1", "no regular expression"),
    "past_counts.csv": ("headache,", "reason is missing"),
    "not_statements.csv": ("fevr,Fever,why", "unknown finding 'fevr'"),
}


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SHIPPED / "reading", tmp_path / "reading")
    return tmp_path


@pytest.mark.parametrize("file", BROKEN)
def test_a_broken_row_is_named_with_file_and_line(folder, file):
    row, message = BROKEN[file]
    path = folder / "reading" / file
    line = len(path.read_text(encoding="utf-8").splitlines()) + 1
    with path.open("a", encoding="utf-8") as table:
        table.write(f"{row}\n")
    with pytest.raises(KnowledgeError) as error:
        load_reading_rules(KNOWLEDGE, folder)
    (problem,) = str(error.value).splitlines()
    assert problem.startswith(f"{folder.name}/reading/{file}:{line}: ")
    assert message in problem
    assert "; " in problem


def test_a_code_without_its_names_is_missed(folder):
    shutil.copy(SHIPPED / "codes.csv", folder)
    names = folder / "reading" / "hpo.csv"
    kept = [line for line in names.read_text(encoding="utf-8").splitlines() if "HP:0001945" not in line]
    names.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"HP:0001945 has no name in reading/hpo\.csv"):
        load_reading_rules(KNOWLEDGE, folder)


def test_a_folder_without_these_tables_has_no_rules(tmp_path):
    rules = load_reading_rules(KNOWLEDGE, tmp_path)
    assert (rules.terms, rules.rules, rules.hpo) == ((), (), ())


def test_python_m_priors_reports_them(folder):
    for path in SHIPPED.glob("*.csv"):
        shutil.copy(path, folder)
    shutil.copytree(SHIPPED / "facts", folder / "facts")
    shutil.copy(SHIPPED / "ledger_ids.txt", folder)
    assert priors.check(folder).errors == ()
    with (folder / "reading" / "past_counts.csv").open("a", encoding="utf-8") as table:
        table.write("fevr,why\n")
    (problem,) = priors.check(folder).errors
    assert "fevr" in str(problem)


def test_the_names_of_the_ontology_carry_one_release():
    lines = (SHIPPED / "reading" / "hpo.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len({line.rpartition(",")[2] for line in lines}) == 1


def test_every_reference_value_says_where_it_comes_from():
    assert [v for v in load_reading_rules(KNOWLEDGE).reference_values if len(v.source) < 9] == []
