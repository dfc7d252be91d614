"""What is approved is what was registered, or nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from landrail.diagnostics import Mistakes
from landrail.operations.model.approve import check_registered
from landrail.operations.model.artifacts import Build, Candidate

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/m@sha256:" + "a" * 64
CANDIDATE = Candidate(
    build=Build("m", "c0ffee", IMAGE, "sha256:" + "a" * 64, "m", ["m"], "d", {}, "ml.m5.large", {}),
    training_job="m-train-1",
    model_data="s3://artifacts/models/m/1/model.tar.gz",
    package="arn:aws:sagemaker:eu-west-1:111122223333:model-package/m/1",
)


def version(**changes: str) -> dict[str, Any]:
    metadata = {"commit": "c0ffee", "image": "sha256:" + "a" * 64, "training-job": "m-train-1"}
    container = {"Image": IMAGE, "ModelDataUrl": CANDIDATE.model_data}
    return {
        "InferenceSpecification": {
            "Containers": [{k: changes.get(k, v) for k, v in container.items()}]
        },
        "CustomerMetadataProperties": {k: changes.get(k, v) for k, v in metadata.items()},
    }


def test_the_candidate_that_was_registered_goes_on() -> None:
    check_registered(CANDIDATE, version())


@pytest.mark.parametrize("field", ["Image", "ModelDataUrl", "commit", "image", "training-job"])
def test_one_that_differs_from_its_version_does_not(field: str) -> None:
    with pytest.raises(Mistakes, match=r"other"):
        check_registered(CANDIDATE, version(**{field: "other"}))


def test_everything_that_differs_is_told_at_once() -> None:
    forged = replace(CANDIDATE, model_data="s3://elsewhere/m", training_job="")
    with pytest.raises(Mistakes) as caught:
        check_registered(forged, version())
    assert len(caught.value.diagnostics) == 2
    with pytest.raises(Mistakes):
        check_registered(CANDIDATE, {})
