"""Screen 4, "Robustness": ranks, numbers, goal, prior, switches; one module a view, `answers` asks the library."""
