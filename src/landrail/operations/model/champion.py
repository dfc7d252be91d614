"""The champion: the version that serves in production, and what a candidate must hold against it.

The step `confirm` marks a version as live when production answers with it; the champion is the
newest one so marked. What was measured of it counts where it was measured on the candidate's
version of the data. On another one its own image measures it anew, beside the candidate: numbers
on different data cannot be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.operations.model.artifacts import Candidate
from landrail.operations.model.objects import copy
from landrail.operations.model.pins import PINS
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage

PRODUCTION, LIVE, REPLACED = "Production", "Live", "Replaced"


@dataclass(frozen=True, slots=True)
class Champion:
    """The version in production, as the registry has it; `metrics` were measured on `data`."""

    package: str
    commit: str
    data: str
    image: str
    entrypoint: tuple[str, ...]
    model_data: str
    metrics: Mapping[str, float]

    def told(self, metrics: Mapping[str, float], *, anew: bool) -> dict[str, Any]:
        """Return what a candidate keeps of the comparison."""
        return {
            "package": self.package,
            "commit": self.commit,
            "metrics": dict(metrics),
            "measured_anew": anew,
        }


def live(sagemaker: Any, group: str) -> list[str]:
    """Return the versions of a group that are marked as live, the one marked last first."""
    pages = sagemaker.get_paginator("list_model_packages")
    found = [
        one
        for page in pages.paginate(ModelPackageGroupName=group, ModelApprovalStatus="Approved")
        for one in page["ModelPackageSummaryList"]
        if one.get("ModelLifeCycle", {}).get("Stage") == PRODUCTION
        and one["ModelLifeCycle"].get("StageStatus") == LIVE
    ]
    found.sort(key=lambda one: _since(sagemaker, one) if len(found) > 1 else "", reverse=True)
    return [str(one["ModelPackageArn"]) for one in found]


def champion_of(settings: Settings, stage: Stage) -> Champion | None:
    """Return the version that serves in production; None before the first release."""
    sagemaker = stage.client("sagemaker")
    versions = live(sagemaker, settings[Variable.PACKAGE_GROUP])
    if not versions:
        return None
    version = sagemaker.describe_model_package(ModelPackageName=versions[0])
    container = version["InferenceSpecification"]["Containers"][0]
    kept: Mapping[str, str] = version.get("CustomerMetadataProperties", {})
    return Champion(
        package=versions[0],
        commit=kept.get("commit", ""),
        data=kept.get("data", ""),
        image=container["Image"],
        entrypoint=tuple(kept.get("entrypoint", "").split()),
        model_data=container["ModelDataUrl"],
        metrics=_numbers(kept),
    )


def bring(settings: Settings, stage: Stage, champion: Champion) -> str:
    """Copy the champion's archive to where the stage's jobs read; return where it lies."""
    bucket = settings[Variable.STAGE_BUCKET]
    key = f"champion/{settings[Variable.MODEL]}/{settings.run}/model.tar.gz"
    copy(stage.client("s3"), champion.model_data, bucket, key, settings[Variable.STAGE_KEY])
    return f"s3://{bucket}/{key}"


def must_measure(champion: Champion, candidate: Candidate, named: frozenset[str]) -> bool:
    """Whether the champion's numbers that a gate names are not those of the candidate's data."""
    missing = named - champion.metrics.keys()
    return bool(missing) or (bool(named) and champion.data != candidate.build.data)


def _since(sagemaker: Any, summary: Mapping[str, Any]) -> str:
    version = sagemaker.describe_model_package(ModelPackageName=summary["ModelPackageArn"])
    return str(version.get("CustomerMetadataProperties", {}).get("live-since", ""))


def _numbers(kept: Mapping[str, str]) -> dict[str, float]:
    found = {}
    for name, value in kept.items():
        if name in PINS:
            continue
        try:
            found[name] = float(value)
        except ValueError:  # not a metric: somebody's own remark
            continue
    return found
