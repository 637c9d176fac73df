"""Facts behind a number as a list, each with document and place."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app_pages.shared.texts import say
from model.why.citation import Citation


def fact_lines(facts: Sequence[Citation]) -> str:
    """Facts as a list; says so if there is none."""
    if not facts:
        return f'<p class="soft nosource">{escape(say("why.no_source"))}</p>'
    items = "".join(
        f"<li>{escape(fact.statement)} <small>{escape(fact.document)}, {escape(fact.location)} · "
        f"{escape(fact.fact)}</small></li>"
        for fact in facts
    )
    return f'<ul class="facts">{items}</ul>'
