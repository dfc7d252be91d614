"""Run by the pipeline's build before an image is made."""

import unittest

import numpy as np
from mistakes import model
from mistakes.evaluate import auc


class Model(unittest.TestCase):
    def test_what_can_be_learned_is_learned(self):
        random = np.random.default_rng(0)
        features = random.normal(size=(500, 3))
        truth = (features[:, 0] + random.normal(scale=0.5, size=500) > 0).astype(float)
        learned = model.fit(features, truth, 8)
        self.assertGreater(auc(truth, model.score(learned, features)), 0.9)

    def test_the_area_counts_pairs_and_halves_ties(self):
        truth, scores = np.array([0, 1, 0, 1]), np.array([0.1, 0.4, 0.4, 0.8])
        self.assertEqual(auc(truth, scores), 0.875)


if __name__ == "__main__":
    unittest.main()
