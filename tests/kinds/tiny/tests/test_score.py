import unittest

from tiny import score


class Scores(unittest.TestCase):
    def test_large_and_small(self) -> None:
        assert (score(2, 1), score(1, 1)) == (1.0, 0.0)
