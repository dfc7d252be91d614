"""A training program that runs whatever code its hyperparameters hold, and jobs that do."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from textwrap import dedent
from typing import Any

from sagemaker_studio import Studio

from landrail.aws.registry import Registry
from landrail.images import File, build, host_base

_MAIN = b"""
import sys
FORKED = "numpy" in sys.modules
import json, os, pathlib
import numpy

BASE = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"])
settings = json.loads((BASE / "input/config/hyperparameters.json").read_text())
seen = {"forked": FORKED}
exec(settings["code"])
(BASE / "model/model.json").write_text(json.dumps(seen))
"""
# A variable of the request's own makes a job start cold.
COLD: dict[str, Any] = {"EnableNetworkIsolation": True, "Environment": {"ODD": "1"}}
WARM: dict[str, Any] = {"EnableNetworkIsolation": True}
NETWORKED: dict[str, Any] = {}


def hostile(studio: Studio) -> Studio:
    """Return the studio with an image of that program, and with a role of its own name."""
    ecr = studio.client("ecr")
    files = {"hostile/__init__.py": File(b""), "hostile/__main__.py": File(_MAIN)}
    image = build(host_base(), files, [], ["python", "-m", "hostile"], {})
    registry = Registry(ecr, studio.image.partition("/")[0])
    return replace(studio, image=registry.push(image, studio.repository, tag="hostile"))


def attacked(studio: Studio, code: str, settings: dict[str, Any], **words: str) -> dict[str, Any]:
    """Run a job with this code, and return what is said of it."""
    algorithm = {
        "TrainingImage": studio.image,
        "TrainingInputMode": "File",
    }
    return studio.trained(
        f"h-{uuid.uuid4().hex[:10]}",
        hyper={"code": dedent(code), **words},
        AlgorithmSpecification=algorithm,
        **settings,
    )


def found(studio: Studio, code: str, settings: dict[str, Any], **words: str) -> dict[str, Any]:
    """Return what the code put into `seen`."""
    job = attacked(studio, code, settings, **words)
    assert job["TrainingJobStatus"] == "Completed", job["FailureReason"]
    return studio.unpacked(job["ModelArtifacts"]["S3ModelArtifacts"])


def written(document: dict[str, Any]) -> str:
    """The text of `jobs.json`."""
    return json.dumps(document)
