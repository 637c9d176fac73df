"""Screen 2, "What should be asked next?": findings, whole orders, and whether asking may stop."""

from app_pages.next_step import findings, orders, stop
from app_pages.shared import views
from app_pages.shared.texts import say

VIEWS = {"findings": findings.show, "orders": orders.show, "stop": stop.show}

views.show(say("next_step.heading"), "view", "views", VIEWS, above=lambda: views.known("view"))
