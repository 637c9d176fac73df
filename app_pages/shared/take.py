"""
What can be taken away: every figure as SVG, PNG and CSV, and the link to what is shown.

The files are made in the browser (`take.js`): a figure is text that the browser has laid out, and what is taken away is what
was seen. Knows: the present patient, versions. Must not know: what a figure shows.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app_pages.shared import answers, link, patient
from app_pages.shared.controls import said
from app_pages.shared.patient import Known
from app_pages.shared.prior import setting_said
from app_pages.shared.texts import ENGLISH, language, say
from model import __version__

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

_take = st.components.v2.component("millet_take", js=SCRIPT)


def signature(known: Known) -> dict[str, str]:
    """What is written below a figure of a patient: findings, and what they were asked under."""
    tables = answers.knowledge()
    findings = "; ".join(said(tables, name, value) for name, value in known.findings.items())
    return {
        "patient": say("take.patient", findings=findings) if findings else say("take.nobody"),
        "version": say(
            "take.version",
            version=__version__,
            setting=setting_said(link.prior(known.setting)),
            layer=say(f"layers.{link.layer(known.setting)}"),
            digest=answers.network(known.setting).digest[:12],
        ),
    }


def show() -> None:
    """Offer the figures of this picture, and its link."""
    data = {
        "words": say("take.figure"),
        **signature(patient.now()),
        "parting": "," if language() == ENGLISH else ";",
    }
    if address := patient.address():
        with st.popover(say("take.link"), icon=":material/link:", key="share", type="tertiary"):
            st.code(address, language=None, wrap_lines=True)
    _take(key="take", data=data)
