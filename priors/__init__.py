"""
What is believed before the patient is seen: tables, facts, stored draws, and the little code that reads them.

Knows: the tables and how to read and check them. Must not know: `model`, probabilities, the network.
"""

from __future__ import annotations

from priors.checks import Report, check
from priors.loading import load_knowledge_base
from priors.schema import KnowledgeBase, KnowledgeError

__all__ = ["KnowledgeBase", "KnowledgeError", "Report", "check", "load_knowledge_base"]
