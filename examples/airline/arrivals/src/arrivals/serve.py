"""The container's `serve`: the minutes of each flight after its schedule."""

from pathlib import Path

import joblib
import numpy as np

from arrivals import pipeline
from landrail.serving import Rows, serve


def main() -> None:
    """Serve the model that a training left."""
    serve(load, predict)


def load(folder: Path) -> object:
    """Read the model from its folder."""
    return joblib.load(folder / "model.joblib")


def predict(model: object, rows: Rows) -> np.ndarray:
    """Predict rows, in their order."""
    return pipeline.predict(model, rows.frame())
