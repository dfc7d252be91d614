"""From rows of flights with their weather to what the model sees.

Neither month nor day is a feature: the model is judged on months it has never seen, so a calendar
date can only mislead it.
"""

from pathlib import Path

import numpy as np
import pandas as pd

LATE_MINUTES = 15
TRAINING_MONTHS = range(1, 11)
CARRIERS = (
    "9E",
    "AA",
    "AS",
    "B6",
    "DL",
    "EV",
    "F9",
    "FL",
    "HA",
    "MQ",
    "OO",
    "UA",
    "US",
    "VX",
    "WN",
    "YV",
)
ORIGINS = ("EWR", "JFK", "LGA")
NUMBERS = [
    "sched_dep_time",
    "dep_delay",
    "sched_arr_time",
    "distance",
    "hour",
    "minute",
    "temp",
    "dewp",
    "humid",
    "wind_dir",
    "wind_speed",
    "wind_gust",
    "precip",
    "pressure",
    "visib",
]
COLUMNS = ["year", "month", "day", *NUMBERS, "carrier", "origin", "dest"]
"""What a flight must come with; numbers may be missing."""


def read(folder: Path) -> pd.DataFrame:
    """Every month found in a folder, as one table in the order of the file names."""
    files = sorted(folder.rglob("*.csv.gz"))
    if not files:
        raise FileNotFoundError(f"no *.csv.gz below {folder}")
    return pd.concat([pd.read_csv(file) for file in files], ignore_index=True)


def labelled(flights: pd.DataFrame) -> pd.DataFrame:
    """The flights whose arrival is known: cancelled and diverted ones have none."""
    return flights[flights["arr_delay"].notna()]


def late(flights: pd.DataFrame) -> np.ndarray:
    """1 where a flight arrived more than 15 minutes late."""
    return (flights["arr_delay"] > LATE_MINUTES).to_numpy(dtype=np.int8)


def matrix(flights: pd.DataFrame) -> np.ndarray:
    """The feature matrix, one row a flight; missing values stay NaN (the trees split on them)."""
    day = pd.to_datetime(flights[["year", "month", "day"]])
    columns = [flights[name].to_numpy(dtype=float) for name in NUMBERS]
    columns.append((day.to_numpy().astype("datetime64[D]").view("int64") + 4) % 7.0)
    columns.append(_codes(flights["carrier"], CARRIERS))
    columns.append(_codes(flights["origin"], ORIGINS))
    columns.append(_bucket(flights["dest"], 120))
    return np.column_stack(columns)


def categorical() -> list[int]:
    """The columns of `matrix` that are codes, not quantities."""
    first = len(NUMBERS) + 1
    return [first, first + 1, first + 2]


def _codes(values: pd.Series, known: tuple[str, ...]) -> np.ndarray:
    return values.map({name: code for code, name in enumerate(known)}).to_numpy(dtype=float)


def _bucket(values: pd.Series, size: int) -> np.ndarray:
    # A code for any airport, seen or not, that is the same in every process.
    return values.map(lambda v: sum(ord(c) * 31**i for i, c in enumerate(str(v))) % size).to_numpy(
        dtype=float
    )
