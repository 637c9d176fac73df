"""Screen 3, "Why?": what each finding does, why one diagnosis and not another, whether it fits, and the sources."""

from app_pages.parts import views, why_contrast, why_evidence, why_fit, why_sources
from app_pages.parts.texts import say

VIEWS = {
    "evidence": why_evidence.show,
    "contrast": why_contrast.show,
    "fit": why_fit.show,
    "sources": why_sources.show,
}

views.show(say("why.heading"), "why_view", "why_views", VIEWS, empty=say("why.none"))
