"""Small drawings: valid, named, in the page's colours, inside their field, each with a term, each different."""

import re
import xml.etree.ElementTree as ET

import pytest

from model.figures import DRAWINGS, STYLE, drawing
from model.figures.drawings import SIDE
from priors import load_knowledge_base

KNOWLEDGE = load_knowledge_base()
SVG = {name: drawing(name, title=f"{name} <&>", description="what it is").html for name in DRAWINGS}
COLOUR = re.compile(r"none|currentColor|var\(--mf-[a-z]+, currentColor\)")
IMAGING = ("brain_mri", "susceptibility_mri", "spine_mri", "spine_mri_7t", "angiography", "long_bone_xray")


def test_every_drawing_is_valid_and_says_what_it_is():
    for name, svg in SVG.items():
        root = ET.fromstring(svg)
        assert root.attrib["role"] == "img"
        assert [child.text for child in root[:2]] == [f"{name} <&>", "what it is"]
        assert [child.tag for child in root[:2]] == ["title", "desc"]


def test_no_drawing_has_a_colour_of_its_own():
    found = {
        (name, value)
        for name, svg in SVG.items()
        for value in re.findall(r'(?:fill|stroke|color|style)="([^"]*)"', svg)
        if not COLOUR.fullmatch(value)
    }
    assert found == set()


def test_every_colour_that_a_drawing_uses_is_set():
    used = {name for svg in SVG.values() for name in re.findall(r"var\((--mf-[a-z]+)", svg)}
    given = re.findall(r"(--mf-[a-z]+):", STYLE)
    assert used <= set(given)


def test_every_drawing_belongs_to_a_term_and_every_term_to_a_drawing_that_exists():
    named = {term.drawing for term in KNOWLEDGE.glossary.values()} - {""}
    assert named == set(DRAWINGS)


def test_every_finding_of_imaging_is_defined_and_drawn():
    drawn = {term.finding for term in KNOWLEDGE.glossary.values() if term.drawing}
    assert {v.id for v in KNOWLEDGE.variables.values() if v.order in IMAGING} <= drawn


def test_no_two_drawings_are_alike():
    assert len({re.sub("<title>.*</desc>", "", svg) for svg in SVG.values()}) == len(DRAWINGS)


def test_no_dot_lies_outside_the_field():
    outside = [
        name
        for name, svg in SVG.items()
        for x, y, r in re.findall(r'<circle cx="([\d.-]+)" cy="([\d.-]+)" r="([\d.]+)"', svg)
        if not (float(r) <= float(x) <= SIDE - float(r) and float(r) <= float(y) <= SIDE - float(r))
    ]
    assert outside == []


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(KeyError):
        drawing("no such drawing", title="")
