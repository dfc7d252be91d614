"""The columns of the data: what is predicted, and of what.

What is known when the flight leaves, and nothing that is known only when it is there. Neither month
nor day is among them: the model is judged on months that it has never seen.
"""

TARGET = "arr_delay"
NUMBERS: list[str] = [
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
CATEGORIES: list[str] = ["carrier", "origin", "dest"]
FEATURES = [*NUMBERS, *CATEGORIES]
UNSEEN_MONTHS = (11, 12)
"""Months that no training sees."""
