"""
Screen 1, "Case": findings in, differential out; files of a patient.

`page` is the screen; the other modules are its parts. What several screens share is in `app_pages.shared`.
"""
