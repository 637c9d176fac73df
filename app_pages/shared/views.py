"""
A screen with several views: its heading, the switch between them, and the one that is chosen.

Knows: widgets. Must not know: what a view shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import streamlit as st
from streamlit.runtime.scriptrunner import ScriptRunContext, get_script_run_ctx

from app_pages.shared import patient
from app_pages.shared.controls import chips, choice, link_problems, trouble
from app_pages.shared.keeping import keep, undisturbed
from app_pages.shared.texts import say, section
from model.errors import MilletError

PAGES = Path(__file__).resolve().parents[1]


def show(
    heading: str,
    key: str,
    names: str,
    views: Mapping[str, Callable[[], None]],
    *,
    empty: str = "",
    above: Callable[[], None] | None = None,
) -> None:
    """
    Heading, switch, what is known, and the chosen view.

    Parameters
    ----------
    heading
        What the screen is called.
    key
        Of the switch, one of `keeping.LASTING`. The view that is chosen stands in the address, unless it is the first.
    names
        Section of the texts that names the views.
    views
        Name -> what draws it, the first at the beginning.
    empty
        What to say instead of a view while nothing is known; by default views are shown then, too.
    above
        Draws what is known of the patient, see `known`; nothing where the views are the same for every patient.

    Notes
    -----
    Every view has a place of its own. The others are hidden before the chosen one begins, so that what it was changed
    from never stands below it while it is worked out.
    """
    link_problems()
    with st.container(horizontal=True, vertical_alignment="center", key="heading"):
        st.markdown(f"#### {heading}", width="content")
        labels = section(names)
        with undisturbed():
            if (wanted := patient.arrived_with("view")) in views:
                st.session_state[key] = wanted
        view = choice(key, {name: labels[name] for name in views}, say("app.view"), is_named=False)
    if view != next(iter(views)):
        patient.also(view=view)
    if patient.now().findings:
        if above:
            above()
    elif empty:
        st.info(empty)
        return
    # Containers all: into one that became an empty element children of the picture before were put, and the page broke.
    st.html(f"<style>{', '.join(f'.st-key-left_{name}' for name in views)} {{ display: none; }}</style>")
    places = {name: st.container(key=f"{'view' if name == view else 'left'}_{name}") for name in views}
    with places[view]:
        try:
            views[view]()
        except MilletError as error:
            trouble(error)


def lead_to(screen: str, switch: str, view: str) -> None:
    """Go to a view of another screen; `switch` is the key of what changes its views."""
    keep({switch: view})
    script = cast("ScriptRunContext", get_script_run_ctx()).main_script_path
    st.switch_page(PAGES.joinpath(screen, "page.py").relative_to(Path(script).resolve().parent))


def known(place: str) -> None:
    """What is known of the patient, in one row on a telephone; `place` names the chips."""
    with st.container(key="known_above"):
        chips(place)
