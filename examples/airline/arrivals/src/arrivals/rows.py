"""Rows of the data, and which of them a training never sees."""

from pathlib import Path

import numpy as np
import pandas as pd

from arrivals.columns import FEATURES, TARGET, UNSEEN_MONTHS

READERS = {".parquet": pd.read_parquet, ".csv": pd.read_csv, ".csv.gz": pd.read_csv}


def read(folder: Path) -> pd.DataFrame:
    """Every file of CSV or Parquet below a folder as one table, in the order of their names."""
    found = [
        (file, reader)
        for file in sorted(folder.rglob("*"))
        for ending, reader in READERS.items()
        if file.name.endswith(ending)
    ]
    if not found:
        raise SystemExit(f"no {', '.join(READERS)} below {folder}")
    frame = pd.concat([reader(file) for file, reader in found], ignore_index=True)
    absent = [name for name in ["month", TARGET, *FEATURES] if name not in frame]
    if absent:
        raise SystemExit(f"columns.py names columns that the data has not: {', '.join(absent)}")
    return frame[frame[TARGET].notna()].reset_index(drop=True)


def held_out(frame: pd.DataFrame) -> np.ndarray:
    """The flights of the last months: what comes after a training is what it will be asked."""
    return frame["month"].isin(UNSEEN_MONTHS).to_numpy()
