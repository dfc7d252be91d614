"""Judge a trained model on months it has not seen, beside the one-column baseline.

A late departure is the best single sign of a late arrival. A model that does not beat the delay at
departure alone has learned nothing worth releasing, so that is the baseline of the gate.
"""

import json
import tarfile

import joblib
from sklearn.metrics import roc_auc_score

from delays import features, folders

SAMPLE_ROWS = 200


def main() -> None:
    """The container's `evaluate`: model and data in, `metrics.json` and a scored sample out."""
    with tarfile.open(next(folders.processing("model").glob("*.tar.gz"))) as archive:
        archive.extractall(folders.processing("unpacked"), filter="data")
    model = joblib.load(folders.processing("unpacked") / "model.joblib")
    flights = features.labelled(features.read(folders.processing("data")))
    unseen = flights[~flights["month"].isin(features.TRAINING_MONTHS)].reset_index(drop=True)
    scores = model.predict_proba(features.matrix(unseen))[:, 1]
    truth = features.late(unseen)
    metrics = {
        "auc": float(roc_auc_score(truth, scores)),
        "baseline": float(roc_auc_score(truth, unseen["dep_delay"])),
        "rows": len(unseen),
    }
    output = folders.processing("output")
    output.mkdir(parents=True, exist_ok=True)
    (output / "metrics.json").write_text(json.dumps(metrics))
    sample = unseen.sample(min(SAMPLE_ROWS, len(unseen)), random_state=0)
    sample.assign(expected=scores[sample.index]).to_csv(output / "sample.csv", index=False)
    print(json.dumps(metrics))
