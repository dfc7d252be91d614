"""Train on January to October and leave the model where SageMaker takes it."""

import json
import os
import sys
import time

import joblib
from sklearn.ensemble import HistGradientBoostingClassifier

from delays import features, folders
from landrail.serving import Schema


def main() -> None:
    """The container's `train`."""
    began = time.monotonic()
    flights = features.labelled(features.read(folders.channel("training")))
    flights = flights[flights["month"].isin(features.TRAINING_MONTHS)]
    settings = hyperparameters()
    model = HistGradientBoostingClassifier(
        max_iter=int(settings.get("iterations", 100)),
        learning_rate=float(settings.get("learning_rate", 0.1)),
        categorical_features=features.categorical(),
        random_state=0,
    )
    model.fit(features.matrix(flights), features.late(flights))
    folder = folders.model()
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, folder / "model.joblib")
    Schema.of(flights[features.COLUMNS], nullable=features.NUMBERS).write(folder)
    print(f"rows={len(flights)}; seconds={time.monotonic() - began:.1f};", file=sys.stderr)


def hyperparameters() -> dict[str, str]:
    """What the job was given; empty where there is no job."""
    if "SM_HPS" in os.environ:
        return dict(json.loads(os.environ["SM_HPS"]))
    file = folders.BASE / "input" / "config" / "hyperparameters.json"
    return dict(json.loads(file.read_text())) if file.exists() else {}
