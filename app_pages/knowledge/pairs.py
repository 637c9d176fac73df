"""View "Look-alikes" of the screen Knowledge: pairs that the model can hardly tell apart, and what would."""

from __future__ import annotations

import streamlit as st

from app_pages.knowledge.answers import beliefs, separation
from app_pages.shared import answers
from app_pages.shared.controls import bar_list
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, percent, say
from model import separating_findings
from model.figures import Figure, bar, placed
from model.figures.base import cell, table

N_PAIRS = 12
N_FINDINGS = 8


def show() -> None:
    """The hardest pairs on the left, what separates the chosen one on the right."""
    tables, found = answers.knowledge(), separation()
    labels = {row: tables.diagnoses[row].label for row in tables.rows}
    pairs = found.pairs(N_PAIRS)
    st.html(f'<p class="soft">{say("knowledge.pairs_note")}</p>')
    left, right = st.columns(2, gap="medium")
    with left:
        items = [
            (
                f"{first}-{second}",
                say(
                    "knowledge.pair",
                    first=labels[first],
                    second=labels[second],
                    share=percent(share),
                    error=percent(error),
                ),
                2 * share,
            )
            for first, second, share, error in pairs
        ]
        chosen = bar_list("pair", items)
    first, second = chosen.split("-")
    with right:
        both = {
            "first": placed(labels[first], figure_words()),
            "second": placed(labels[second], figure_words()),
        }
        st.markdown(f"##### {say('knowledge.what_separates', **both)}")
        draw(separating(first, second))


def separating(first: str, second: str) -> Figure:
    """The findings that tell two diseases apart, with the interval over the draws."""
    tables = answers.knowledge()
    best = separating_findings(beliefs(), first, second)[:N_FINDINGS]
    widest = max(high for _, _, _, high in best) or 1.0
    rows = []
    for name, bits, low, high in best:
        variable = tables.variables[name]
        order = tables.orders[variable.order].label if variable.order else ""
        rows.append(
            cell("name", f"<span>{variable.label}<small>{order}</small></span>")
            + cell("bar", bar(bits / widest, "#56b4e9", (low / widest, high / widest)))
            # A patient of either shifts the log-odds by half the symmetric divergence on average.
            + cell("p", say("knowledge.fold", fold=2 ** (bits / 2)))
        )
    return Figure(table("bits", *rows), caption=say("knowledge.separates_note"))
