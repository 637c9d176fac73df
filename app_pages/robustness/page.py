"""Screen 4, "How sure is the model of itself?": ranks, numbers, the prior, assumptions, and what to look up."""

from app_pages.robustness import goal, numbers, prior, ranks, switches, what_if
from app_pages.shared import views
from app_pages.shared.texts import say

VIEWS = {
    "ranks": ranks.show,
    "numbers": numbers.show,
    "what_if": what_if.show,
    "goal": goal.show,
    "prior": prior.show,
    "switches": switches.show,
    "lookup": switches.lookup,
}

views.show(
    say("robustness.heading"), "robust_view", "robust_views", VIEWS, above=lambda: views.known("robust_view")
)
