"""Millet beside pgmpy and pyAgrum: the same questions, the same run, and whether the answers agree."""
