"""`landrail model step reject`: put on record who did not let a version to production, and why.

A rejection ends the execution where it was asked, so nothing of the pipeline can carry it to the
registry: a rule of Events starts this step, and tells it the execution.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from landrail.aws.builds import BuildSession
from landrail.operations.model.approve import LONGEST, PENDING, check_group
from landrail.operations.model.archive import unpack
from landrail.operations.model.artifacts import Candidate, read_candidate
from landrail.operations.model.champion import PRODUCTION
from landrail.operations.model.history import Answer, Execution, answers
from landrail.operations.model.pins import check_registered, written
from landrail.operations.model.settings import Settings, Variable

REJECTED = "Rejected"


def reject(settings: Settings, build: BuildSession) -> str:
    """Mark the version rejected, by whom and with which words; return what became of it. One that
    nobody answered in time stays pending, and one that was released before stays approved."""
    execution = Execution(
        build, f"{settings[Variable.MODEL]}-release", settings[Variable.EXECUTION]
    )
    candidate = proposed(settings, build, execution)
    check_group(settings, candidate)
    given = answers(execution)
    if not given or given[0].approved:
        return f"nobody rejected {candidate.package}: it was not answered in time"
    sagemaker = build.client("sagemaker")
    version = sagemaker.describe_model_package(ModelPackageName=candidate.package)
    check_registered(candidate, version)
    if version["ModelApprovalStatus"] != PENDING:
        return f"{candidate.package} stays {version['ModelApprovalStatus']}"
    said = " ".join(given[0].comment.split())
    sagemaker.update_model_package(
        ModelPackageArn=candidate.package,
        ModelApprovalStatus=REJECTED,
        ApprovalDescription=f"rejected by {given[0].by} at {given[0].at}: {said}"[:LONGEST],
        CustomerMetadataProperties=_who(given[0]),
        ModelCard={"ModelCardStatus": "Archived"},
        ModelLifeCycle={
            "Stage": PRODUCTION,
            "StageStatus": REJECTED,
            "StageDescription": f"{given[0].by}: {said}"[:LONGEST],
        },
    )
    return f"{candidate.package} rejected by {given[0].by}"


def proposed(settings: Settings, build: BuildSession, execution: Execution) -> Candidate:
    """Return the candidate that a release took in: exactly that version of it."""
    found = build.client("s3").get_object(
        Bucket=settings[Variable.ARTIFACT_BUCKET],
        Key=f"candidates/{settings[Variable.MODEL]}.zip",
        VersionId=execution.revision(),
    )
    with tempfile.TemporaryDirectory() as folder:
        unpack(found["Body"].read(), Path(folder))
        return read_candidate(Path(folder) / "candidate.json")


def _who(given: Answer) -> dict[str, str]:
    return {
        "rejected-by": written(given.arn),
        "rejected-at": written(given.at),
        "rejected-in": written(given.execution),
    }
