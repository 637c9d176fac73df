"""Screen 7, "Knowledge": what is known, the network, every fact, what is not known, and which diseases look alike."""

from app_pages.knowledge import facts, glossary, heat_map, pairs
from app_pages.shared import views
from app_pages.shared.texts import say

VIEWS = {
    "map": heat_map.show,
    "network": heat_map.network,
    "facts": facts.show,
    "unknown": facts.unknown,
    "pairs": pairs.show,
    "glossary": glossary.show,
}

views.show(say("knowledge.heading"), "knowledge_view", "knowledge_views", VIEWS)
