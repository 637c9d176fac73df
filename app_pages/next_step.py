"""Screen 2, "What should be asked next?": findings, whole orders, and whether asking may stop."""

from app_pages.parts import next_findings, next_orders, next_stop, views
from app_pages.parts.texts import say

VIEWS = {"findings": next_findings.show, "orders": next_orders.show, "stop": next_stop.show}

views.show(say("next_step.heading"), "view", "views", VIEWS)
