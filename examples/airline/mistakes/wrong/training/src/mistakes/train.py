"""The container's `train`."""

import json

from mistakes import folders, model, rows

from landrail.serving import Schema


def main() -> None:
    """Learn from the first months and leave the model where SageMaker takes it."""
    features, truth, months = rows.read(folders.channel("training"))
    seen = ~rows.held_out(months)
    given = json.loads((folders.BASE / "input/config/hyperparameters.json").read_text())
    learned = model.fit(features[seen], truth[seen], int(given["epochs"]))
    model.write(learned, folders.model())
    schema = Schema.of(dict(zip(rows.FEATURES, features[seen].T, strict=True)))
    schema.write(folders.model())
    print(f"rows={int(seen.sum())};")
