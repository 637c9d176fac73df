"""
Teaching: a patient revealed order by order to a learner who commits first, and diseases that look alike.

Here: `lesson` (stages, feedback, simulated cases), `look_alikes`, `first_patients`.
Not here: a case for print (`model.pages.worksheet`), widgets and sessions (`app_pages.teach`).
"""
