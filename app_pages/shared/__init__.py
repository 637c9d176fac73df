"""What several screens share: the patient of a session, links, controls, answers and texts."""
