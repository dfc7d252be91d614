"""The model of `endpoint.py` behind BentoML, as its own documentation serves a model of a file."""

from __future__ import annotations

import os

import bentoml
import joblib
import numpy as np

NAMES = [f"f{n}" for n in range(20)]


@bentoml.service(workers=1, traffic={"timeout": 60})
class Service:
    """One row in, one score out."""

    def __init__(self) -> None:
        self.model = joblib.load(os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))

    @bentoml.api(route="/invocations")
    def invocations(self, row: dict[str, float]) -> dict[str, list[float]]:
        """Return the score of a row."""
        values = np.array([[row[name] for name in NAMES]])
        return {"predictions": self.model.predict_proba(values)[:, 1].tolist()}
