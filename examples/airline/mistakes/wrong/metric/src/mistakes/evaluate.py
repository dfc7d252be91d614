"""The container's `evaluate`: how well the model orders flights of months that it never saw.

The baseline is how well the hour alone orders them.
"""

import csv
import json
import tarfile

import numpy as np
from mistakes import folders, model, rows

SAMPLE_ROWS = 100


def main() -> None:
    """Model and data in, `metrics.json` and a scored sample out."""
    with tarfile.open(next(folders.processing("model").glob("*.tar.gz"))) as archive:
        archive.extractall(folders.processing("unpacked"), filter="data")
    learned = model.read(folders.processing("unpacked"))
    features, truth, months = rows.read(folders.processing("data"))
    unseen = rows.held_out(months)
    features, truth = features[unseen], truth[unseen]
    scores = model.score(learned, features)
    metrics = {"area": auc(truth, scores), "baseline": auc(truth, features[:, 1])}
    output = folders.processing("output")
    output.mkdir(parents=True, exist_ok=True)
    (output / "metrics.json").write_text(json.dumps(metrics))
    with (output / "sample.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*rows.FEATURES, "expected"])
        for row, expected in zip(features[:SAMPLE_ROWS], scores[:SAMPLE_ROWS], strict=True):
            writer.writerow([*row, expected])
    print(json.dumps(metrics))


def auc(truth: np.ndarray, scores: np.ndarray) -> float:
    """The chance that a late flight scores above one that is not; ties count a half."""
    values, place = np.unique(scores, return_inverse=True)
    counts = np.bincount(place, minlength=len(values))
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    late = truth.sum()
    return float((ranks[truth > 0].sum() - late * (late + 1) / 2) / (late * (len(truth) - late)))
