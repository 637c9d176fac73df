"""Screen 3, "Why?": what each finding does, why one diagnosis and not another, whether it fits, and the sources."""

from app_pages.shared import views
from app_pages.shared.texts import say
from app_pages.why import contrast, evidence, fit, sources

VIEWS = {
    "evidence": evidence.show,
    "contrast": contrast.show,
    "fit": fit.show,
    "sources": sources.show,
}

views.show(
    say("why.heading"),
    "why_view",
    "why_views",
    VIEWS,
    empty=say("why.none"),
    above=lambda: views.known("why_view"),
)
