"""Screen 5, "Compare": two what-ifs side by side."""
