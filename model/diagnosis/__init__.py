"""
Question 1, "What is the diagnosis?": from network and evidence to a differential, for one patient or a table of them.

Here: `differential` (the function `posterior`), its record in `results`, tables of patients in memory and on disk.
Not here: what to ask next, reasons, doubts.
"""
