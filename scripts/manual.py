"""
What the manual needs beside MkDocs: notebooks and top documents where they lie, pages made from the code, formulas.

MkDocs loads this file as its hook, Griffe as its extension (`Formulas`); see mkdocs.yml. Nothing is fetched, nothing is
written outside the site.
"""

from __future__ import annotations

import argparse
import html
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from griffe import Extension

if TYPE_CHECKING:
    from griffe import Object
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TOP = {"GLOSSARY.md": "glossary.md", "ARCHITECTURE.md": "architecture.md", "CHANGELOG.md": "changelog.md"}
"""Documents at the top of the repository -> where they stand in the manual."""

COMMANDS = "<!-- commands -->"
"""Where a page wants the help of all commands."""

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^(?P<indent> *)\.\. math::(?P<tex>.*(?:\n(?P=indent) +\S.*)*)", re.MULTILINE)
INLINE = re.compile(r":math:`([^`]+)`")
FENCE = re.compile(r"^```math\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NO_PART = re.compile(r'^.*?(?=<svg)|<metadata>.*?</metadata>|<!--.*?-->|<g id="patch_1">.*?</g>', re.DOTALL)
"""What Matplotlib writes around a formula: its name, the date, a white ground."""

PLAIN = (
    (r"\\tfrac", r"\\frac"),
    (r"\\frac([A-Z0-9])([A-Z0-9])", r"\\frac{\1}{\2}"),
    (r"\\sqrt (\w)", r"\\sqrt{\1}"),
    (r"\\[bB]igg?[lr]?(?![a-z])", ""),
    (r"\\(le|ge)(?![a-z])", r"\\\1q"),
)
"""What Matplotlib's formulas spell otherwise."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what lies elsewhere in the repository, or is made from the code."""
    from mkdocs.structure.files import File

    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        at = path.relative_to(ROOT).as_posix()
        files.append(File(at, str(ROOT), config.site_dir, config.use_directory_urls))
    for name, uri in TOP.items():
        files.append(File.generated(config, uri, abs_src_path=str(ROOT / name)))
    return files


on_files.mkdocs_priority = 100  # type: ignore[attr-defined]  # before mkdocs-jupyter, which takes the notebooks up


def on_page_markdown(markdown: str, page: Page, files: Files, **_: object) -> str:
    """Formulas as pictures, and links that lead to where the manual has a document, or else to its name alone."""
    if page.file.src_uri.endswith(".ipynb"):
        return markdown
    stands_in = place_of(page.file)

    def led(found: re.Match[str]) -> str:
        words, target = found.groups()
        path, _, anchor = target.partition("#")
        if "://" in target or not path:
            return found[0]
        there = Path(os.path.normpath(stands_in / path))
        uri = in_the_manual(there)
        if uri is None or files.get_file_from_path(uri) is None:
            name = there.relative_to(ROOT).as_posix()
            return f"`{name}`" if words.strip("`") in (name, there.name) else f"{words} (`{name}`)"
        link = os.path.relpath(uri, Path(page.file.src_uri).parent)
        return f"[{words}]({link}{'#' + anchor if anchor else ''})"

    markdown = FENCE.sub(lambda found: formula(found[1]), LINK.sub(led, markdown))
    return markdown.replace(COMMANDS, command_help()) if COMMANDS in markdown else markdown


def place_of(file: File) -> Path:
    """The folder of the repository that a page's links start from."""
    if file.abs_src_path is None:
        return (ROOT / "docs" / file.src_uri).parent
    return Path(file.abs_src_path).parent


def in_the_manual(path: Path) -> str | None:
    """Where a file of the repository stands in the manual."""
    if path.is_relative_to(ROOT / "docs"):
        return path.relative_to(ROOT / "docs").as_posix()
    name = path.relative_to(ROOT).as_posix()
    return name if name.startswith("notebooks/") else TOP.get(name)


def command_help() -> str:
    """Every command with what ``--help`` says, as Markdown."""
    from model.cli import parser

    os.environ["COLUMNS"] = "88"  # the same lines on every terminal
    lines: list[str] = []
    for name, command in commands(parser()):
        lines += [f"## millet {name}", "", "```text", command.format_help().rstrip(), "```", ""]
    return "\n".join(lines)


def commands(top: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Names and parsers of the commands, in the order of the help."""
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def formula(tex: str, *, block: bool = True) -> str:
    """A formula as SVG in the colour of the text around it, with its LaTeX for who cannot see it."""
    from matplotlib import rc_context
    from matplotlib.mathtext import math_to_image

    tex = " ".join(tex.split())
    plain = tex
    for old, new in PLAIN:
        plain = re.sub(old, new, plain)
    drawn = io.BytesIO()
    with rc_context({"mathtext.fontset": "stix", "svg.hashsalt": plain}):
        depth = math_to_image(f"${plain}$", drawn, dpi=72, format="svg", color="#010203")
    picture = NO_PART.sub("", drawn.getvalue().decode())
    width, height = (float(size) / 10 for size in re.findall(r'(?:width|height)="([\d.]+)pt"', picture)[:2])
    picture = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"|height="[\d.]+pt"|width="[\d.]+pt"', "", picture)
    said = html.escape(tex, quote=True)
    style = f"width:{width:.2f}em;height:{height:.2f}em;vertical-align:-{float(depth) / 10:.2f}em"
    picture = picture.replace("<svg", f'<svg class="tex" role="img" aria-label="{said}" style="{style}"', 1)
    picture = " ".join(picture.replace("#010203", "currentColor").split())
    return f'<div class="formula">{picture}</div>' if block else picture


class Formulas(Extension):
    """Formulas of docstrings, which are written for Sphinx, as pictures."""

    def on_object(self, *, obj: Object, **_: object) -> None:
        """Change the text of a docstring before its sections are read."""
        if obj.docstring is None or "math:" not in obj.docstring.value:
            return
        text = BLOCK.sub(lambda found: found["indent"] + formula(found["tex"]), obj.docstring.value)
        obj.docstring.value = INLINE.sub(lambda found: formula(found[1], block=False), text)
