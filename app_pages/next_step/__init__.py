"""Screen 2, "Next step": findings, orders, when to stop; one module a view, `page` composes them."""
