"""Guardrail: only approved images run in Studio."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail, Option
from landrail.guardrails.holding import Holding, Holdings, by_option
from landrail.guardrails.sagemaker import ML_KINDS

_ID = "sagemaker-studio-images"
_KEYS = ("ImageArns", "ImageVersionArns")

GUARDRAIL = Guardrail(
    id="sagemaker-studio-images",
    title="only approved images run in Studio",
    why="an image is code that runs as whoever starts it",
    severity="medium",
    remedy="have the image approved, and name its ARN in the file",
    kinds=ML_KINDS,
    service_control=Holdings(
        tuple(
            Holding(key=f"sagemaker:{name}", must=by_option(_ID, must.all_of_if_given))
            for name in _KEYS
        )
    ),
    recommended=False,
    option=Option(
        "patterns of the ARNs of images and their versions", "arn:aws[a-z-]*:sagemaker:.*image.*/.+"
    ),
)
