"""The README's picture of what the numbers rest on is the one that the tables give."""

import importlib.util

from tests.support.source import ROOT


def test_the_picture_is_that_of_the_tables():
    spec = importlib.util.spec_from_file_location("ground_picture", ROOT / "scripts" / "ground_picture.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.PICTURE.read_text(encoding="utf-8") == made.picture(), "run: python scripts/ground_picture.py"
    assert made.counts("documents")["cohorts"] == 0 < made.counts("published")["cohorts"]
