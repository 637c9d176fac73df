"""Facts behind a number as a list, each with document and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from app_pages.shared.texts import figure_words, say
from model.network.beliefs import JUDGED
from model.why.citation import Citation

# A remark of whoever read a publication through what others say of it.
UNTITLED = re.compile(r"\(title\snot\sin\s(?:the\s)?passage\)|;\stitle\snot\sin\s(?:the\s)?passage")
# Facts in view at once; the others are folded away.
N_OPEN = 5


def fact_lines(facts: Sequence[Citation]) -> str:
    """Facts as a list, of many only the first in view; says so if there is none."""
    if not facts:
        return f'<p class="soft nosource">{escape(say("why.no_source"))}</p>'
    words = figure_words()
    items = [f"<li>{escape(fact.stated(words))} <small>{where(fact)}</small></li>" for fact in facts]
    if len(items) <= N_OPEN + 1:
        return f'<ul class="facts">{"".join(items)}</ul>'
    more = escape(say("why.more_sources", n=len(items) - N_OPEN))
    folded = f'<details class="more"><summary>{more}</summary><ul class="facts">{"".join(items[N_OPEN:])}</ul></details>'
    return f'<ul class="facts">{"".join(items[:N_OPEN])}</ul>{folded}'


def where(fact: Citation) -> str:
    """Document, linked where it can be read, place and identifier; of judgement, what it is."""
    if fact.fact == JUDGED:
        return escape(figure_words()["judgement_note"])
    document = escape(UNTITLED.sub("", fact.document).strip() or fact.document)
    if fact.address.startswith("https://"):
        document = f'<a href="{escape(fact.address)}" target="_blank" rel="noopener">{document}</a>'
    return f"{document}, {escape(fact.location)} · {escape(fact.fact)}"
