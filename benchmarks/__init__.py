"""Side by side with pgmpy and pyAgrum: the same network, the same evidence, one run, ratios."""

import warnings

# pgmpy 1.1.2 warns about itself when it is imported, and in the middle of the table.
warnings.filterwarnings("ignore", message=".*StructureScore.*", category=FutureWarning)
