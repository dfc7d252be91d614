"""`landrail model step confirm`: production serves the version that was approved, and the registry
says since when.

It runs after the stack has moved the endpoint over, so a release that was rolled back by its alarms
never becomes the champion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.aws.builds import BuildSession
from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.artifacts import Candidate, read_candidate, write_json
from landrail.operations.model.champion import LIVE, PRODUCTION, REPLACED, live
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage


def confirm(settings: Settings, build: BuildSession, stage: Stage) -> Candidate:
    """Mark the version live and those before it replaced; raises Mistakes where production serves
    anything else."""
    candidate = read_candidate()
    if settings.serves("online"):
        check_served(candidate, settings[Variable.MODEL], stage.client("sagemaker"))
    else:
        check_stack(candidate, f"model-{settings[Variable.MODEL]}", stage.client("cloudformation"))
    since = mark(
        build.client("sagemaker"),
        settings[Variable.PACKAGE_GROUP],
        candidate.package,
        settings[Variable.EXECUTION],
    )
    write_json("live.json", {"package": candidate.package, "since": since})
    return candidate


def mark(registry: Any, group: str, package: str, execution: str) -> str:
    """Mark a version as the one that serves, and those before it as replaced; return since when."""
    since = datetime.now(UTC).isoformat()
    registry.update_model_package(
        ModelPackageArn=package,
        ModelLifeCycle=_state(LIVE, f"since {since}, by execution {execution}"),
        CustomerMetadataProperties={"live-since": since},
    )
    # Marked first: at no moment is there none, and of two the later one counts.
    for other in live(registry, group):
        if other != package:
            registry.update_model_package(
                ModelPackageArn=other, ModelLifeCycle=_state(REPLACED, f"at {since} by {package}")
            )
    return since


def check_served(candidate: Candidate, endpoint: str, sagemaker: Any) -> None:
    """Raise Mistakes unless every variant of an endpoint serves the candidate's version."""
    served = list(_served(endpoint, sagemaker))
    wrong = [
        Diagnostic(
            f"`{endpoint}` serves {_name(container)}, and not {candidate.package}",
            "see the stack's events for what became of the release",
        )
        for container in served
        if not _same(candidate, container)
    ]
    if not served:
        wrong.append(Diagnostic(f"`{endpoint}` serves nothing"))
    if wrong:
        raise Mistakes(wrong)


def check_stack(candidate: Candidate, stack: str, cloudformation: Any) -> None:
    """Raise Mistakes unless a stack without an endpoint holds the candidate's version."""
    told = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in told.get("Outputs", [])}
    if outputs.get("ModelPackage") != candidate.package:
        holds = outputs.get("ModelPackage", "no version")
        raise Mistakes(
            [Diagnostic(f"the stack `{stack}` holds {holds}, and not {candidate.package}")]
        )


def _served(endpoint: str, sagemaker: Any) -> Iterator[Mapping[str, Any]]:
    config = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    told = sagemaker.describe_endpoint_config(EndpointConfigName=config)
    for variant in told["ProductionVariants"]:
        model = sagemaker.describe_model(ModelName=variant["ModelName"])
        yield model["PrimaryContainer"]


def _same(candidate: Candidate, container: Mapping[str, Any]) -> bool:
    if "ModelPackageName" in container:
        return bool(container["ModelPackageName"] == candidate.package)
    return (container.get("Image"), container.get("ModelDataUrl")) == (
        candidate.build.image,
        candidate.model_data,
    )


def _name(container: Mapping[str, Any]) -> str:
    return str(container.get("ModelPackageName") or container.get("ModelDataUrl"))


def _state(status: str, said: str) -> dict[str, str]:
    return {"Stage": PRODUCTION, "StageStatus": status, "StageDescription": said}
