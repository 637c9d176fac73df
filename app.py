"""The router: which screens there are. Start it with ``make app``."""

from pathlib import Path

import streamlit as st

from app_pages.shared import controls, keeping, patient, take, told, turns
from app_pages.shared.texts import begin, say
from model.errors import USER_ERRORS

SCREENS = ("case", "next_step", "why", "robustness", "compare", "teach", "knowledge", "about")
PAGES = Path(controls.__file__).parents[1]

told.mind()
begin()
st.set_page_config(page_title=say("app.name"), page_icon=PAGES.joinpath("icon.svg"), layout="wide")
pages = [
    st.Page(
        PAGES.joinpath(screen, "page.py"),
        title=say(f"{screen}.title"),
        url_path=screen,
        default=screen == SCREENS[0],
    )
    for screen in SCREENS
]
page = st.navigation(pages, position="hidden")
with turns.taken():
    controls.frame(pages)
    try:
        patient.start()
        controls.unsound()
        page.run()
        take.show()
        patient.write_link()
    except USER_ERRORS as error:
        controls.broken(error)
    keeping.finish()
