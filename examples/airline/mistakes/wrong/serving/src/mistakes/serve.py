"""The container's `serve`: the chance of being late, one a row."""

from pathlib import Path

import numpy as np
from mistakes import model
from mistakes.rows import FEATURES

from landrail.serving import Rows, serve


def main() -> None:
    """Serve the model that a training left."""
    serve(load, predict)


def load(folder: Path) -> dict[str, list[float]]:
    """Read the model from its folder."""
    return model.read(folder / "latest")


def predict(learned: dict[str, list[float]], rows: Rows) -> np.ndarray:
    """Score flights, in their order."""
    return model.score(learned, rows.matrix(FEATURES))
