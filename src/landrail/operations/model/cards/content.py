"""The content of a version's card by SageMaker's schema for model packages, which is that of model
cards with an overview of creator and artifact alone.

Source: SageMaker Developer Guide, "Model package model card schema".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.operations.model.artifacts import Candidate
from landrail.operations.model.cards.told import ADDITIONAL, BUSINESS, INTENDED

_LINE, _VALUE, _NAME = 1024, 255, 63
_OBSERVATION = 2096
_ARN = 256
_MOST_PARAMETERS = 100


def card(candidate: Candidate, gate: str) -> dict[str, Any]:
    """Return the card of a candidate; what is not known is left out."""
    said = candidate.build.card
    made: dict[str, Any] = {
        "model_overview": {
            "model_creator": ", ".join(candidate.authors)[:_LINE],
            "model_artifact": [candidate.model_data[:_LINE]],
        },
        "intended_uses": {"risk_rating": "Unknown", **_said(said, INTENDED)},
        "business_details": _said(said, BUSINESS),
        "training_details": _training(candidate),
        "evaluation_details": list(_evaluations(candidate, gate)),
        "additional_information": {
            **_said(said, ADDITIONAL),
            "custom_details": {k: v[:_LINE] for k, v in details(candidate).items() if v},
        },
    }
    return {name: part for name, part in made.items() if part}


def details(candidate: Candidate) -> dict[str, str]:
    """Return the lineage: what the version is made of, by whom, and who let it to production."""
    build = candidate.build
    return {
        "commit": build.commit,
        "data": build.data,
        "image": build.image,
        "wheel": build.package,
        "execution": candidate.execution,
        "authors": ", ".join(candidate.authors),
        "champion": str(candidate.champion.get("package", "")) or "none: the first version",
        "approved_by": candidate.approval.get("by", ""),
        "approved_at": candidate.approval.get("at", ""),
        "approval_comment": candidate.approval.get("comment", ""),
    }


def _said(said: Mapping[str, str], keys: tuple[str, ...]) -> dict[str, str]:
    return {key: said[key] for key in keys if said.get(key)}


def _training(candidate: Candidate) -> dict[str, Any]:
    build = candidate.build
    parameters = [
        {"name": name[:_VALUE], "value": str(value)[:_VALUE]}
        for name, value in list(build.hyperparameters.items())[:_MOST_PARAMETERS]
    ]
    return {
        "training_job_details": {
            "training_arn": candidate.training_job,
            "training_datasets": [build.data],
            "training_environment": {"container_image": [build.image]},
            "user_provided_hyper_parameters": parameters,
        }
    }


def _evaluations(candidate: Candidate, gate: str) -> Iterator[dict[str, Any]]:
    yield {
        "name": "candidate",
        "evaluation_observation": f"passed the gate: {gate}"[:_OBSERVATION],
        "evaluation_job_arn": candidate.processing_job[:_ARN],
        "datasets": [candidate.build.data],
        "metric_groups": [_group("measured", candidate.metrics)],
    }
    if candidate.champion:
        anew = candidate.champion.get("measured_anew")
        how = "measured anew on the candidate's data" if anew else "as measured when it was made"
        yield {
            "name": "champion",
            "evaluation_observation": f"{candidate.champion['package']}, {how}"[:_OBSERVATION],
            "datasets": [candidate.build.data],
            "metric_groups": [_group("measured", candidate.champion["metrics"])],
        }


def _group(name: str, metrics: Mapping[str, float]) -> dict[str, Any]:
    return {
        "name": name[:_NAME],
        "metric_data": [
            {"name": key[:_VALUE], "type": "number", "value": value}
            for key, value in sorted(metrics.items())
        ],
    }
