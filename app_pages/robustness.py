"""Screen 4, "How sure is the model of itself?": ranks, numbers, the prior, assumptions, and what to look up."""

from app_pages.parts import robust_goal, robust_numbers, robust_prior, robust_ranks, robust_switches, views
from app_pages.parts.texts import say

VIEWS = {
    "ranks": robust_ranks.show,
    "numbers": robust_numbers.show,
    "goal": robust_goal.show,
    "prior": robust_prior.show,
    "switches": robust_switches.show,
    "lookup": robust_switches.lookup,
}

views.show(say("robustness.heading"), "robust_view", "robust_views", VIEWS)
