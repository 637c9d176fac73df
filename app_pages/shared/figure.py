"""
A figure of `model.figures` on a screen.

Knows: which of Streamlit's elements keeps what. Must not know: what a figure shows.
"""

from __future__ import annotations

import streamlit as st

from model.figures import Figure


def draw(figure: Figure) -> None:
    """Put a figure with its title and caption on the screen; `st.html` drops drawings (SVG), `st.markdown` keeps them."""
    if "<svg" in figure.html:
        st.markdown(figure.whole, unsafe_allow_html=True)
    else:
        st.html(figure.whole)
