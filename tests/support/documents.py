"""Blocks and commands of documents in Markdown, and the files that their commands name."""

import re
import shlex

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

FILES = {
    "patients.csv": "id,sex,age_years,enhancement_pattern\nA,female,39,miliary\nB,male,61,\n",
    "patient.json": '{"id": "A", "findings": {"sex": "female", "age_years": 39}}',
    "cases.json": (
        '[{"id": "A", "findings": {"sex": "female", "enhancement_pattern": "miliary"}, "truth": "neurosarcoidosis"},'
        ' {"id": "B", "findings": {"sex": "male", "age_years": 61}, "truth": "other"}]'
    ),
    "report.txt": "MRI shows miliary enhancement of the pons. No fever.",
}
"""The files that the commands of README and of the manual name."""


def code_blocks(text, language=""):
    """Texts between fences that name the language (none by default)."""
    return [block for name, block in BLOCK.findall(text) if name == language]


def commands(text):
    """Lines of blocks without a language that start with `millet`, as the words of a shell."""
    lines = [line for block in code_blocks(text) for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("millet ")]
