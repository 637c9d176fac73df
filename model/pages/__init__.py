"""
Whole pages to keep or print, self-contained: one patient, scores on many, a case as a worksheet.

Here: `patient` (HTML and PDF), `assessment`, `worksheet`, and `parts`, what they share. They put figures and results
together, so they stand above `model.figures` and the questions.
Not here: how anything is computed or drawn; screens (`app_pages`).
"""
