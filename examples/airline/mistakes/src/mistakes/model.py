"""A logistic regression by Newton's method, kept as JSON."""

import json
from pathlib import Path

import numpy as np

RIDGE = 1e-6


def fit(features: np.ndarray, truth: np.ndarray, steps: int) -> dict[str, list[float]]:
    """Learn from features of shape (rows, columns) and truth of shape (rows,)."""
    mean, spread = features.mean(axis=0), features.std(axis=0)
    known = _scaled(features, mean, spread)
    weights = np.zeros(known.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-known @ weights))
        slope = known.T @ (chance - truth)
        bend = (known * (chance * (1 - chance))[:, None]).T @ known
        weights -= np.linalg.solve(bend + RIDGE * np.eye(len(weights)), slope)
    return {"mean": mean.tolist(), "spread": spread.tolist(), "weights": weights.tolist()}


def score(model: dict[str, list[float]], features: np.ndarray) -> np.ndarray:
    """The chance of being late, one a row."""
    known = _scaled(features, np.array(model["mean"]), np.array(model["spread"]))
    return 1 / (1 + np.exp(-known @ np.array(model["weights"])))


def write(model: dict[str, list[float]], folder: Path) -> None:
    """Leave the model in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_text(json.dumps(model))


def read(folder: Path) -> dict[str, list[float]]:
    """Read the model that `write` left."""
    return dict(json.loads((folder / "model.json").read_text()))


def _scaled(features: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(features)), (features - mean) / spread])
