"""
The patient: what is known of him, how it is written and named, and patients drawn from the network.

Here: findings as likelihood vectors (`evidence`), case files, names of findings and their misspellings, simulation.
Not here: what follows from the findings; other programs' files (`model.exchange`).
"""
