"""`landrail model approve`: put on record who approved, and make ready for production.

The decision itself was taken in the release pipeline's approval action, by a person. This step
only carries it to the registry and writes the parameters of the production stack.
"""

from __future__ import annotations

from landrail.aws.builds import BuildSession
from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.artifacts import Candidate, read_candidate, write_candidate
from landrail.operations.model.serving import write_deployment
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage


def approve(settings: Settings, build: BuildSession, stage: Stage) -> Candidate:
    """Mark the model package approved, by whom and with which words."""
    candidate = read_candidate()
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
