"""Side by side with pgmpy and pyAgrum: the same network, the same evidence, one run, ratios."""

import os
import warnings

# One thread for each engine: two would wait for each other as soon as anything else runs on the machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# pgmpy 1.1.2 warns about itself when it is imported, and in the middle of the table.
warnings.filterwarnings("ignore", message=".*StructureScore.*", category=FutureWarning)
