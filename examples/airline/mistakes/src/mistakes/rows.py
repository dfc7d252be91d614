"""Rows of flights as numbers."""

import csv
import gzip
from pathlib import Path

import numpy as np

FEATURES = ["dep_delay", "sched_dep_time", "distance"]
LATE_MINUTES = 15
UNSEEN_MONTHS = (11, 12)


def read(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, whether each flight was late, and its month; only those that arrived."""
    found = []
    for file in sorted(folder.rglob("*.csv.gz")):
        with gzip.open(file, "rt", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["arr_delay"] and row["dep_delay"]:
                    found.append([row["month"], row["arr_delay"], *(row[n] for n in FEATURES)])
    if not found:
        raise SystemExit(f"no flights below {folder}")
    table = np.array(found, dtype=float)
    return table[:, 2:], (table[:, 1] > LATE_MINUTES).astype(float), table[:, 0]


def held_out(months: np.ndarray) -> np.ndarray:
    """The flights that no training sees."""
    return np.isin(months, UNSEEN_MONTHS)
