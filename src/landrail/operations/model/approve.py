"""`landrail model step approve`: put on record who approved, and make ready for production.

The decision itself was taken in the release pipeline's approval action, by a person. This step
only carries it to the registry and writes the parameters of the production stack.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.aws.builds import BuildSession
from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.artifacts import Candidate, read_candidate, write_candidate
from landrail.operations.model.serving import write_deployment
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage


def approve(settings: Settings, build: BuildSession, stage: Stage) -> Candidate:
    """Mark the model package approved, by whom and with which words."""
    candidate = read_candidate()
    version = build.client("sagemaker").describe_model_package(ModelPackageName=candidate.package)
    check_registered(candidate, version)
    person, summary = approval(settings, build)
    candidate = candidate.with_(approved_by=person)
    build.client("sagemaker").update_model_package(
        ModelPackageArn=candidate.package,
        ModelApprovalStatus="Approved",
        ApprovalDescription=f"approved by {person}: {summary}"[:1024],
    )
    write_candidate(candidate)
    write_deployment(
        settings, stage, candidate, endpoint=settings[Variable.MODEL], name="production"
    )
    return candidate


def check_registered(candidate: Candidate, version: Mapping[str, Any]) -> None:
    """Compare the candidate with the version in the registry; raises Mistakes where they are not
    one: what is deployed must be what was measured, registered and approved."""
    containers = version.get("InferenceSpecification", {}).get("Containers", [{}])
    metadata = version.get("CustomerMetadataProperties", {})
    compared = {
        "image": (candidate.build.image, containers[0].get("Image")),
        "model": (candidate.model_data, containers[0].get("ModelDataUrl")),
        "image digest": (candidate.build.digest, metadata.get("image")),
        "training job": (candidate.training_job, metadata.get("training-job")),
        "commit": (candidate.build.commit, metadata.get("commit")),
    }
    found = [
        Diagnostic(
            f"the {what} of the candidate is `{proposed}`, that of {candidate.package} `{known}`",
            "propose it anew: push to the model's repository",
        )
        for what, (proposed, known) in compared.items()
        if proposed != known
    ]
    if found:
        raise Mistakes(found)


def approval(settings: Settings, build: BuildSession) -> tuple[str, str]:
    """Return who approved the running release, and the comment; raises Mistakes if nobody did."""
    pipeline = settings[Variable.INITIATOR].removeprefix("codepipeline/")
    state = build.client("codepipeline").get_pipeline_state(name=pipeline)
    for stage in state["stageStates"]:
        for action in stage["actionStates"]:
            latest = action.get("latestExecution", {})
            if "lastUpdatedBy" in latest and latest.get("status") == "Succeeded":
                return str(latest["lastUpdatedBy"]).rpartition("/")[2], latest.get("summary", "")
    raise Mistakes([Diagnostic(f"nobody approved in the pipeline `{pipeline}`")])
