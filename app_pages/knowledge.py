"""Screen 7, "Knowledge": what is known, the network, every fact, what is not known, and which diseases look alike."""

import streamlit as st

from app_pages.parts import knowledge_facts, knowledge_map, knowledge_pairs
from app_pages.parts.controls import choice, link_problems
from app_pages.parts.texts import say, section

VIEWS = {
    "map": knowledge_map.show,
    "network": knowledge_map.network,
    "facts": knowledge_facts.show,
    "unknown": knowledge_facts.unknown,
    "pairs": knowledge_pairs.show,
}

link_problems()
with st.container(horizontal=True, vertical_alignment="center", key="heading"):
    st.markdown(f"#### {say('knowledge.heading')}", width="content")
    names = section("knowledge_views")
    view = choice(
        "knowledge_view", {name: names[name] for name in VIEWS}, say("knowledge.view"), is_named=False
    )
VIEWS[view]()
