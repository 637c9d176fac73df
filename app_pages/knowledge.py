"""Screen 7, "Knowledge": what is known, the network, every fact, what is not known, and which diseases look alike."""

from app_pages.parts import knowledge_facts, knowledge_map, knowledge_pairs, views
from app_pages.parts.texts import say

VIEWS = {
    "map": knowledge_map.show,
    "network": knowledge_map.network,
    "facts": knowledge_facts.show,
    "unknown": knowledge_facts.unknown,
    "pairs": knowledge_pairs.show,
}

views.show(say("knowledge.heading"), "knowledge_view", "knowledge_views", VIEWS)
