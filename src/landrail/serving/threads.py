"""One thread for the numeric libraries of a serving process.

Rows come one or a few at a time: waking other threads for them costs many times what they compute,
and on a busy machine they wait for each other. More cores are used by more processes.
"""

from __future__ import annotations

import importlib.util


def one_thread() -> None:
    """Let OpenMP and BLAS use the calling thread alone, where `threadpoolctl` is installed (it
    comes with scikit-learn). For OpenMP it holds for that thread: call it in each that predicts."""
    if importlib.util.find_spec("threadpoolctl"):
        import threadpoolctl  # not every model has a numeric library

        threadpoolctl.threadpool_limits(1)
