"""Screen 6, "Teach": choose a patient, commit, feedback, drills, cases of one's own; `state` holds the lesson."""
