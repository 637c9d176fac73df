"""Screen 7, "Knowledge": map, network, facts, look-alikes; the same for every patient."""
