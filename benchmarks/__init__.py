"""Side-by-side benchmarks."""

import os

# As in Lintel's worker: a product this small gains nothing from a second thread, and OpenBLAS
# leaves that thread spinning on the core where the next picture is to be decoded. It has to be set
# before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
