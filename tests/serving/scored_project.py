"""A project's functions, for runs over files."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from landrail.serving import Column, Refusal, Schema
from landrail.serving.batch import Order, Places, Scored, score

SCHEMA = Schema(
    (
        Column("a", "number", maximum=1e9),
        Column("b", "integer"),
        Column("c", "string", nullable=True, values=("red", "green")),
    )
)


def load(folder: Path) -> dict[str, Any]:
    model = json.loads((folder / "model.json").read_text())
    if model.get("broken"):
        raise RuntimeError("half a model")
    return model


def predict(model: dict[str, Any], rows: Any) -> Any:
    b = rows["b"]
    if model.get("seconds"):
        time.sleep(model["seconds"])
    if "dies_at" in model and (b == model["dies_at"]).any():
        os._exit(9)
    if "fails_at" in model and (b == model["fails_at"]).any():
        raise ValueError("unlucky")
    if "refuses" in model and (b == model["refuses"]).any():
        raise Refusal(422, [f"{model['refuses']} is not predicted"])
    made = rows["a"] * model.get("factor", 2) + b
    return np.column_stack([made, -made]) if model.get("two") else made


def place(folder: Path, **model: Any) -> Places:
    """Make the folders of a run, its model among them."""
    places = Places(folder / "model", folder / "data", folder / "output")
    places.model.mkdir(parents=True, exist_ok=True)
    places.data.mkdir(exist_ok=True)
    (places.model / "model.json").write_text(json.dumps(model))
    SCHEMA.write(places.model)
    return places


def run(places: Places, **order: Any) -> Scored:
    """Run it as it is asked for."""
    return score(load, predict, Order.from_json({"workers": 1, **order}), places)
