"""
Teaching: a patient revealed order by order to a learner who commits first, worksheets, and diseases that look alike.

Here: `lesson` (stages, feedback, simulated cases), `worksheet` (a case for print), `look_alikes`.
Not here: widgets and sessions (`app_pages.teach`).
"""
