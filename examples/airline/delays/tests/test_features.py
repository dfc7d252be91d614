"""Run by the pipeline's build before an image is made."""

import unittest

import numpy as np
import pandas as pd
from delays import features

FLIGHT = {
    "year": 2013, "month": 11, "day": 3, "carrier": "UA", "origin": "EWR", "dest": "IAH",
    "arr_delay": 16.0, **dict.fromkeys(features.NUMBERS, 1.0),
}  # fmt: skip


class Features(unittest.TestCase):
    def test_late_means_more_than_fifteen_minutes(self):
        flights = pd.DataFrame([FLIGHT, {**FLIGHT, "arr_delay": 15.0}])
        np.testing.assert_array_equal(features.late(flights), [1, 0])

    def test_a_carrier_never_seen_is_a_missing_value(self):
        row = features.matrix(pd.DataFrame([{**FLIGHT, "carrier": "??"}]))[0]
        self.assertTrue(np.isnan(row[features.categorical()[0]]))

    def test_the_same_flight_gives_the_same_row(self):
        one = features.matrix(pd.DataFrame([FLIGHT, FLIGHT]))
        np.testing.assert_array_equal(one[0], one[1])

    def test_flights_without_an_arrival_are_left_out(self):
        self.assertEqual(len(features.labelled(pd.DataFrame([{**FLIGHT, "arr_delay": None}]))), 0)


if __name__ == "__main__":
    unittest.main()
