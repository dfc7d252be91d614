"""Run by the pipeline's build before an image is made."""

import unittest

import numpy as np
import pandas as pd
from arrivals import pipeline, rows
from arrivals.columns import CATEGORIES, FEATURES, NUMBERS, TARGET


def some_rows(count: int = 400) -> pd.DataFrame:
    """Rows made by chance; the target follows the first column."""
    random = np.random.default_rng(0)
    made = {name: random.normal(size=count) for name in NUMBERS}
    made |= {name: random.choice(["a", "b"], size=count) for name in CATEGORIES}
    first = made[FEATURES[0]]
    made["month"] = random.integers(1, 13, size=count)
    made[TARGET] = 3 * first if NUMBERS else 3.0 * (first == "a")
    return pd.DataFrame(made)


class Pipeline(unittest.TestCase):
    def test_what_can_be_learned_is_learned(self):
        frame = some_rows()
        out = rows.held_out(frame)
        model = pipeline.fit(frame[~out], iterations=20)
        metrics = pipeline.measure(model, frame[out])
        self.assertTrue(all(np.isfinite(list(metrics.values()))), metrics)
        self.assertGreater(metrics["r2"], 0.9)

    def test_missing_and_unknown_values_are_predicted(self):
        frame = some_rows()
        model = pipeline.fit(frame, iterations=5)
        odd = frame[FEATURES].head(3).copy()
        for name in NUMBERS:
            odd[name] = np.nan
        for name in CATEGORIES:
            odd[name] = "never seen"
        self.assertTrue(np.isfinite(pipeline.predict(model, odd)).all())

    def test_the_last_months_are_held_out(self):
        frame = some_rows()
        out = rows.held_out(frame)
        self.assertEqual(set(frame["month"][out]), {11, 12})
        self.assertEqual(set(frame["month"][~out]), set(range(1, 11)))


if __name__ == "__main__":
    unittest.main()
