"""Cohorts, publications and judgement: read into their layer, checked with file and line, in the digest of their layer."""

import pytest

import priors
from priors.schema import LAYERS
from tests.support.tables import write_layers, write_tables

MISTAKES = {
    "id of another form": (
        {"flu_a": ("L0001,", "M0001,")},
        "flu_a.csv:2: cohort id 'M0001' is not of the form L0123",
    ),
    "another disease's file": (
        {"flu_a": ("abstract,flu_a,fever", "abstract,flu_b,fever")},
        "flu_a.csv:2: a cohort of 'flu_b' stands in flu_a.csv",
    ),
    "unknown publication": (
        {"flu_a": ("L0001,smith2001", "L0001,smyth2001")},
        "publication 'smyth2001' is not in",
    ),
    "more than all": ({"flu_a": ("count,30,,50", "count,60,,50")}, "flu_a.csv:2: low 60 is above n 50"),
    "no figure": (
        {"flu_a": ("count,30,,50", "word,,,")},
        "flu_a.csv:2: a cohort gives no fact of kind 'word'",
    ),
    "unknown tag": (
        {"flu_a": ("broad,children,", "broad,childish,")},
        "flu_a.csv:3: tag 'childish' is unknown",
    ),
    "unknown match": ({"flu_a": ("50,broad,", "50,wide,")}, "flu_a.csv:3: match 'wide' is not one of"),
    "the figure again": (
        {
            "flu_a": (
                "L0002,jones2002,abstract,flu_a,rash,face,,count,5,,50,broad,children,children",
                "L0002,smith2001,abstract,flu_a,fever,present,,count,30,,50,exact,,adults",
            )
        },
        "L0002 gives the figure of L0001 again",
    ),
    "nobody's publication": (
        {"publications": ("jones2002,Jones", "james2003,Jones")},
        "publications.csv:3: no cohort names 'james2003'",
    ),
    "a definition counted": (
        {"definitions": ("flu_b,fever", "flu_a,fever")},
        "flu_a.csv:2: fever belongs to the definition of flu_a",
    ),
    "certain judgement": ({"cells": ("0.7,0.5,0.9", "0.7,0.5,1")}, "cells.csv:2: low must be above 0"),
    "falling judgement": ({"cells": ("0.7,0.5,0.9", "0.7,0.8,0.9")}, "cells.csv:2: "),
    "judgement of a row": (
        {"cells": ("fever,present,flu_a", "fever,present,flu")},
        "there is no leaf diagnosis 'flu'",
    ),
    "more than a whole": (
        {"cells": ("0.1,0.03,0.3", "0.98,0.9,0.99")},
        "the shares of rash in flu_a add up to 1.03",
    ),
    "ages of less than a whole": ({"ages": ("2,0.6,", "2,0.5,")}, "the weights of flu_a add up to 0.90"),
}


@pytest.fixture
def layered(tmp_path):
    return write_layers(write_tables(tmp_path))


def test_correct_layers_have_no_error(layered):
    assert [p for p in priors.check(layered).errors if "ledger" not in p.message] == []


def test_every_mistake_is_named_with_file_and_line(tmp_path):
    missed = []
    for name, (changes, complaint) in MISTAKES.items():
        folder = write_layers(write_tables(tmp_path / name.replace(" ", "_").replace("'", "")), **changes)
        found = [str(problem) for problem in priors.check(folder).errors]
        if not any(complaint in line for line in found):
            missed.append((name, found))
    assert missed == []


def test_all_mistakes_are_named_at_once(tmp_path):
    changes = {"flu_a": ("count,30,,50", "count,60,,50"), "cells": ("0.7,0.5,0.9", "0.7,0.5,1")}
    with pytest.raises(priors.KnowledgeError) as refused:
        priors.load_knowledge_base(write_layers(write_tables(tmp_path), **changes))
    assert "flu_a.csv:2" in str(refused.value)
    assert "cells.csv:2" in str(refused.value)


def test_each_layer_has_what_the_one_above_it_has_and_more(layered):
    documents, published, full = (priors.load_knowledge_base(layered, layer) for layer in LAYERS)
    assert set(documents.facts) < set(published.facts) == set(full.facts)
    assert not published.judged
    assert full.judged["fever", "present", "flu_a"].median == 0.7
    assert [age.mean for age in full.judged_ages["flu_a"]] == [10, 50]
    assert (documents.layer, published.layer, full.layer) == LAYERS
    assert len({documents.digest, published.digest, full.digest}) == 3


def test_a_folder_without_layers_is_the_same_in_all_but_name(tmp_path):
    folder = write_tables(tmp_path)
    assert len({priors.load_knowledge_base(folder, layer).digest for layer in LAYERS}) == 1


def test_a_cohort_is_a_fact_with_its_publication(layered):
    fact = priors.load_knowledge_base(layered).facts["L0002"]
    assert (fact.low, fact.n, fact.match, fact.tags) == (5, 50, "broad", ("children",))
    assert fact.is_cohort
    assert (
        priors.load_knowledge_base(layered).source(fact.source).address
        == "https://pubmed.ncbi.nlm.nih.gov/12345/"
    )


def test_a_layer_that_there_is_not_is_refused_in_one_line(layered):
    with pytest.raises(
        priors.KnowledgeError, match="layer 'all'; there are documents, published, full; choose one"
    ):
        priors.load_knowledge_base(layered, "all")
