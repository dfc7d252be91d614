"""Train on what is not held out, and leave the model where SageMaker takes it."""

import sys
import time

import joblib

from arrivals import folders, pipeline, rows
from arrivals.columns import FEATURES, NUMBERS
from landrail.serving import Schema


def main() -> None:
    """The container's `train`."""
    began = time.monotonic()
    frame = rows.read(folders.channel("training"))
    frame = frame[~rows.held_out(frame)]
    settings = folders.hyperparameters()
    model = pipeline.fit(
        frame,
        iterations=int(settings.get("iterations", 100)),
        learning_rate=float(settings.get("learning_rate", 0.1)),
    )
    folder = folders.model()
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, folder / "model.joblib")
    Schema.of(frame[FEATURES], nullable=NUMBERS).write(folder)
    print(f"rows={len(frame)}; seconds={time.monotonic() - began:.1f};", file=sys.stderr)
