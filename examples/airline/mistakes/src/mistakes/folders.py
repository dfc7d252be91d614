"""Where SageMaker's containers find and leave things; the `SM_*` variables win over `/opt/ml`."""

import json
import os
from pathlib import Path

BASE = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))


def channel(name: str) -> Path:
    """The folder of an input channel of a training job."""
    return Path(os.environ.get(f"SM_CHANNEL_{name.upper()}", BASE / "input" / "data" / name))


def model() -> Path:
    """The folder that a training job fills and an endpoint reads."""
    return Path(os.environ.get("SM_MODEL_DIR", BASE / "model"))


def processing(name: str) -> Path:
    """The folder of an input or output of a processing job."""
    return BASE / "processing" / name


def hyperparameters() -> dict[str, str]:
    """What the job was given; empty where there is no job."""
    if "SM_HPS" in os.environ:
        return dict(json.loads(os.environ["SM_HPS"]))
    file = BASE / "input" / "config" / "hyperparameters.json"
    return dict(json.loads(file.read_text())) if file.exists() else {}
