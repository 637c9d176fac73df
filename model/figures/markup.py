"""
A figure's text as a tree of elements, for those who lay it out without a browser.

Knows: HTML as our figures write it. Must not know: sizes, colours, results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"br", "hr", "img", "meta"})


@dataclass(slots=True)
class Element:
    """
    One element: its name, its attributes, and what stands in it, texts and elements in their order.

    Examples
    --------
    >>> parsed('<p class="a b" style="width:7%">x<b>y</b></p>').elements()[0].style
    {'width': '7%'}
    """

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """Names in its attribute `class`."""
        return frozenset(self.attributes.get("class", "").split())

    @property
    def style(self) -> dict[str, str]:
        """Declarations of its attribute `style`."""
        pairs = (part.split(":", 1) for part in self.attributes.get("style", "").split(";") if ":" in part)
        return {name.strip(): value.strip() for name, value in pairs}

    def share(self, name: str, default: float = 0.0) -> float:
        """A length of its style that is given in per cent, as a share of 1."""
        found = re.match(r"([-\d.]+)%", self.style.get(name, ""))
        return float(found[1]) / 100 if found else default

    def elements(self) -> list[Element]:
        """The elements that stand in it, without texts."""
        return [child for child in self.children if isinstance(child, Element)]

    def all(self) -> Iterator[Element]:
        """Every element below it."""
        for child in self.elements():
            yield child
            yield from child.all()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("root")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(html: str) -> Element:
    """The elements of a text, below a root of their own."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.open[0]


__all__ = ["Element", "parsed"]
