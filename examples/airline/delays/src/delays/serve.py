"""The container's `serve`: one score a row, the chance of arriving late."""

from pathlib import Path

import joblib
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from delays import features
from landrail.serving import Rows, serve


def main() -> None:
    """Serve the model that a training left."""
    serve(load, predict)


def load(folder: Path) -> HistGradientBoostingClassifier:
    """Read the model from its folder."""
    return joblib.load(folder / "model.joblib")


def predict(model: HistGradientBoostingClassifier, rows: Rows) -> np.ndarray:
    """Score flights, in the order of the rows."""
    return model.predict_proba(features.matrix(rows.frame()))[:, 1]
