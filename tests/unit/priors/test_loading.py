"""Tables become records, the same tables the same digest, broken tables one message with every problem."""

import dataclasses
import re

import pytest

import priors
from priors.schema import Exclusion, Fact, Link, NotModelled, PriorWeight, Section, Term
from priors.tables import OPTIONAL
from tests.support.tables import SMALL, write_tables


@pytest.fixture
def digest(tmp_path):
    """Digest of the small tables with changes."""
    folders = iter(range(100))
    return lambda **changes: (
        priors.load_knowledge_base(write_tables(tmp_path / str(next(folders)), **changes)).digest
    )


def test_every_table_becomes_records(small_tables):
    knowledge = priors.load_knowledge_base(small_tables)
    assert knowledge.leaves == ("flu_a", "flu_b", "other")
    assert knowledge.rows == ("flu", "other")
    assert knowledge.row("flu_b") == "flu"
    assert knowledge.diagnoses["flu"].is_table_row
    assert not knowledge.diagnoses["other"].is_table_row
    assert list(knowledge.variables) == ["age_years", "region", "fever", "rash", "camera"]
    assert knowledge.variables["rash"].state_ids == ("none", "face", "trunk")
    assert knowledge.variables["region"].synonyms == ("country", "place")
    assert [state.is_reference for state in knowledge.variables["fever"].states] == [True, False]
    assert knowledge.links == (
        Link("fever", "region", "south", "flu", "present", "+", "warmer there", ("101-0002",)),
    )
    assert knowledge.exclusions == (
        Exclusion("rash", "trunk", "fever", "absent", "a rash of the trunk comes with fever"),
    )
    assert knowledge.orders["examination"].cost == 0.5
    assert knowledge.prior_weights[0] == PriorWeight(
        "documents", "flu_a", "", "", 5.0, 10.0, 20.0, ("101-0004",), ""
    )
    assert knowledge.sources["101"].title == "Invented"
    assert [left.ledger for left in knowledge.left_out] == ["F0004"]
    assert knowledge.not_modelled["sunburn"] == NotModelled(
        "sunburn",
        "Sunburn",
        "Sonnenbrand",
        ("UV damage", "Erythem"),
        ("rash",),
        "Not asked for",
        "Nicht gefragt",
    )
    assert knowledge.glossary["fever"] == Term(
        "fever", "fever", "", "", "", "Body heat", "Erhöhte Körperwärme", "", ("101-0001",)
    )
    assert knowledge.sections == {
        "skin": Section("skin", "examination", "Skin and heat", "Haut und Wärme", ("fever", "rash", "camera"))
    }


def test_a_fact_keeps_its_numbers_its_place_and_its_source(small_tables):
    fact = priors.load_knowledge_base(small_tables).facts["101-0001"]
    assert fact == Fact(
        id="101-0001",
        location="Table 3, cord",
        diagnosis="flu",
        finding="fever",
        state="present",
        given="",
        kind="count",
        low=30.0,
        high=None,
        n=40,
        term="",
        denominator="patients",
        statement="30 of 40 had fever",
        ledger=("F0001",),
        file="facts/101.csv",
        line=2,
    )
    assert fact.source == "101"


def test_a_record_and_a_mapping_of_records_cannot_be_changed(small_tables):
    knowledge = priors.load_knowledge_base(small_tables)
    with pytest.raises(dataclasses.FrozenInstanceError):
        knowledge.facts["101-0001"].low = 0.5
    with pytest.raises(TypeError):
        knowledge.facts["101-0009"] = knowledge.facts["101-0001"]


def test_blank_ends_of_a_scale_mean_that_its_median_is_certain(tmp_path):
    folder = write_tables(tmp_path, scales=("common,literature,0.25,0.5,0.8", "common,literature,,0.5,"))
    scale = priors.load_knowledge_base(folder).scales[0]
    assert (scale.low, scale.median, scale.high) == (0.5, 0.5, 0.5)


def test_the_tables_of_the_package_are_read_once():
    assert priors.load_knowledge_base() is priors.load_knowledge_base()


def test_another_folder_is_read_every_time(small_tables):
    before = priors.load_knowledge_base(small_tables)
    write_tables(small_tables, findings=("Fever", "Temperature raised"))
    assert (
        priors.load_knowledge_base(small_tables).variables["fever"].label != before.variables["fever"].label
    )


def test_broken_tables_raise_one_error_that_lists_everything(tmp_path):
    folder = write_tables(
        tmp_path / "tables",
        states=("rash,face,Face,,", "rash,face,Face"),
        links=("south", "suoth"),
        facts_101=(",count,30,", ",count,50,"),
    )
    with pytest.raises(priors.KnowledgeError) as caught:
        priors.load_knowledge_base(folder)
    lines = str(caught.value).splitlines()
    assert lines[0] == "3 problems in the tables of tables:"
    assert {line.split(": ")[0] for line in lines[1:]} == {
        "tables/states.csv:9",
        "tables/links.csv:2",
        "tables/facts/101.csv:2",
    }
    assert "did you mean 'south' or 'north'?" in str(caught.value)


def test_a_folder_without_tables_says_which_files_are_missing(tmp_path):
    with pytest.raises(priors.KnowledgeError, match=r"diagnoses\.csv: the file is missing") as caught:
        priors.load_knowledge_base(tmp_path)
    for name in SMALL:
        table = name.removesuffix(".csv")
        if table != name and table not in OPTIONAL and not name.startswith("facts/"):
            assert name in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"findings": ("Fever", "Temperature raised")},
        {"diagnoses": ("Anything else", "Anything that is not influenza")},
        {"facts_101": ("30 of 40 had fever", "Three quarters had fever")},
        {"facts_101": (",40,,patients", ",40,,all patients seen")},
        {"facts_101": ("Results,flu_a", "Discussion,flu_a")},
        {"facts_101": (",20,40,,,", ",20.0,4e1,,,")},
        {"scales": ("0.25,0.5,0.8", ".25,0.50,0.800")},
        {"links": ("warmer there", "it is warm")},
        {"orders": ("0.5,0,0", "0.7,0,0")},
        {"sources": ("Nobody", "Somebody")},
        {"glossary": ("Body heat", "Heat of the body")},
        {"sections": ("fever|rash|camera", "camera|rash|fever")},
    ],
)
def test_wording_does_not_change_the_digest(digest, changes):
    assert digest(**changes) == digest()


@pytest.mark.parametrize(
    "changes",
    [
        {"diagnoses": ("other,,None", "others,,None"), "prior_settings": ("other,,,50", "others,,,50")},
        {"findings": ("age_years,Age,age,finding", "age_years,Age,age,context")},
        {"findings": ("camera,Camera,categorical,protocol", "camera,Camera,binary,protocol")},
        {"states": ("rash,face,Face,,\nrash,trunk,Trunk,,", "rash,trunk,Trunk,,\nrash,face,Face,,")},
        {"links": (",+,", ",++,")},
        {"scales": ("0.25,0.5,0.8", "0.25,0.6,0.8")},
        {"prior_settings": ("5,10,20", "5,11,20")},
        {"facts_101": (",count,30,", ",count,31,")},
        {"facts_101": (",,40,,patients", ",,41,,patients")},
        {"facts_101": ("flu_a,,,,prior", "flu_b,,,,prior")},
        {"facts_101": ('"Table 3, cord"', "Results")},
    ],
)
def test_what_the_network_is_built_from_changes_the_digest(digest, changes):
    if changes.get("findings", ("", ""))[1].endswith("binary,protocol"):
        changes = {**changes, "states": ("camera,3T,Three,,", "camera,3T,Three,yes,")}
    if changes.get("findings", ("", ""))[1].endswith("age,context"):
        changes = {**changes, "scales": ("root,region=north", AGE_SHARES + "root,region=north")}
    assert digest(**changes) != digest()


AGE_SHARES = (
    "root,age_years=age_0_18,literature,.1,.2,.3,x\nroot,age_years=age_18_121,literature,.7,.8,.9,x\n"
)


def test_line_endings_byte_order_mark_and_row_order_do_not_change_the_digest(tmp_path, digest):
    folder = write_tables(tmp_path / "other")
    for path in folder.rglob("*.csv"):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        if path.stem not in ("diagnoses", "findings", "states"):
            rows.reverse()
        path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([header, "", *rows, ""]).encode())
    assert priors.load_knowledge_base(folder).digest == digest()


def test_the_digest_is_a_sha_256(small_tables):
    assert re.fullmatch(r"[0-9a-f]{64}", priors.load_knowledge_base(small_tables).digest)
