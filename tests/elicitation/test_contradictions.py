"""Each of the 79 contradictions has a line, and the facts and tests that it names exist."""

from __future__ import annotations

import re

import pytest

N_CONTRADICTIONS = 79


@pytest.fixture(scope="module")
def lines(root):
    """Text of every numbered line."""
    text = (root / "docs" / "contradictions.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^(\d+)\. (.+)$", text, flags=re.MULTILINE))


def test_every_contradiction_has_its_line(lines):
    assert list(lines) == [str(number) for number in range(1, N_CONTRADICTIONS + 1)]


def test_the_facts_that_are_named_exist(lines, knowledge):
    named = {name for line in lines.values() for name in re.findall(r"\b00[0-4]-\d{4}\b", line)}
    assert len(named) > 120
    assert named - set(knowledge.facts) == set()


def test_the_tests_that_are_named_exist(lines, root):
    named = {name for line in lines.values() for name in re.findall(r"T: (\w+)", line)}
    assert len(named) >= 2
    assert [name for name in named if not (root / "tests" / "elicitation" / f"{name}.py").is_file()] == []


def test_a_line_says_how_it_is_treated(lines):
    """By facts, by leaving it out, or because no fact can carry it."""
    treated = re.compile(
        r"00[0-4]-\d{4}|left out|Left out|no fact|no state|is a definition|are ignored|are read|carries"
    )
    assert [number for number, line in lines.items() if not treated.search(line)] == []
