"""What holds a version of the registry and a candidate together: each must say the same of what was
built, trained, measured and by whom.

The registry takes few characters in a value; what it does not take is written as `_`, here and
there alike.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlparse

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.artifacts import Candidate

_DIGEST = 16
LONGEST = 256  # characters of a value of CustomerMetadataProperties
PINS = frozenset(
    {
        *("commit", "data", "image", "wheel", "training-job", "evaluation-job", "model-version"),
        *("execution", "authors", "champion", "entrypoint"),
        *("approved-by", "approved-at", "approved-in", "live-since", "rejected-by", "rejected-at"),
    }
)
"""Properties of a version that are no metrics."""
_MOST_METRICS = 30  # of 50 properties
_NOT_TAKEN = re.compile(r"[^\w\s.:/=+\-@]")


def pins(candidate: Candidate) -> dict[str, str]:
    """Return what is written to the registry of a candidate, to be compared before a release."""
    build = candidate.build
    found = {
        "commit": build.commit,
        "data": build.data,
        "image": build.digest,
        "wheel": build.package,
        "training-job": candidate.training_job,
        "evaluation-job": candidate.processing_job,
        "model-version": candidate.model_version,
        "execution": candidate.execution,
        "authors": " ".join(candidate.authors),
        "champion": str(candidate.champion.get("package", "")),
        "entrypoint": " ".join(build.entrypoint),
    }
    return {name: written(value) for name, value in found.items() if value}


def written(value: str) -> str:
    """Return a text as the registry keeps it; a long one ends with the digest of all of it."""
    text = _NOT_TAKEN.sub("_", value)
    if len(text) <= LONGEST:
        return text
    digest = hashlib.sha256(value.encode()).hexdigest()[:_DIGEST]
    return f"{text[: LONGEST - _DIGEST - 1]}+{digest}"


def measured(candidate: Candidate) -> dict[str, str]:
    """Return the metrics as the registry keeps them, to the last digit: as many as it takes beside
    the pins."""
    first = sorted(candidate.metrics.items())[:_MOST_METRICS]
    return {written(name): repr(value) for name, value in first}


def check_registered(candidate: Candidate, version: Mapping[str, Any]) -> None:
    """Compare the candidate with the version in the registry; raises Mistakes where they are not
    one: what is deployed must be what was measured, registered and approved."""
    containers = version.get("InferenceSpecification", {}).get("Containers") or [{}]
    kept = version.get("CustomerMetadataProperties", {})
    proposed = {**pins(candidate), **measured(candidate)}
    compared = {name: (value, kept.get(name)) for name, value in proposed.items()}
    compared["image URI"] = (candidate.build.image, containers[0].get("Image"))
    compared["model data"] = (candidate.model_data, containers[0].get("ModelDataUrl"))
    found = [
        Diagnostic(
            f"the {name} of the candidate is `{mine}`, that of {candidate.package} `{known}`",
            "one of them was changed after the tests; push to the model's repository and propose "
            "anew",
        )
        for name, (mine, known) in compared.items()
        if mine != known
    ]
    if len(containers) != 1:
        found.append(Diagnostic(f"{candidate.package} has {len(containers)} containers, not one"))
    if found:
        raise Mistakes(found)


def check_data(candidate: Candidate, s3: Any) -> None:
    """Raise Mistakes where the model's archive is not the object that was registered."""
    place = urlparse(candidate.model_data)
    found = s3.head_object(Bucket=place.netloc, Key=place.path.lstrip("/"))
    if found.get("VersionId") != candidate.model_version:
        raise Mistakes(
            [
                Diagnostic(
                    f"{candidate.model_data} was written again: its version is "
                    f"`{found.get('VersionId')}`, the one that was tested `"
                    f"{candidate.model_version}`",
                    "see in the trail who wrote it; push to the model's repository and propose "
                    "anew",
                )
            ]
        )
