"""Judge a trained model on the rows that it never saw, beside a baseline of one column."""

import json
import tarfile

import joblib

from arrivals import folders, pipeline, rows
from arrivals.columns import FEATURES

SAMPLE_ROWS = 200


def main() -> None:
    """The container's `evaluate`: model and data in, `metrics.json` and a scored sample out."""
    with tarfile.open(next(folders.processing("model").glob("*.tar.gz"))) as archive:
        archive.extractall(folders.processing("unpacked"), filter="data")
    model = joblib.load(folders.processing("unpacked") / "model.joblib")
    frame = rows.read(folders.processing("data"))
    unseen = frame[rows.held_out(frame)].reset_index(drop=True)
    metrics = pipeline.measure(model, unseen)
    output = folders.processing("output")
    output.mkdir(parents=True, exist_ok=True)
    (output / "metrics.json").write_text(json.dumps(metrics))
    sample = unseen[FEATURES].sample(min(SAMPLE_ROWS, len(unseen)), random_state=0)
    sample = sample.assign(expected=pipeline.predict(model, sample))
    sample.to_csv(output / "sample.csv", index=False)
    print(json.dumps(metrics))
