"""`landrail model step approve`: put on record who approved, and make ready for production.

The decision itself was taken in the release pipeline's approval action, by a person. This step
holds it to the rule that nobody releases their own work, and the candidate to the version that was
tested; then it carries the decision to the registry and writes the parameters of the production
stack.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from landrail.aws.builds import BuildSession
from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.artifacts import (
    CARD,
    Candidate,
    read_candidate,
    write_candidate,
    write_text,
)
from landrail.operations.model.cards import card, page
from landrail.operations.model.champion import live
from landrail.operations.model.history import Answer, answers, running
from landrail.operations.model.people import among
from landrail.operations.model.pins import check_data, check_registered, written
from landrail.operations.model.serving import write_deployment
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage

PENDING, APPROVED = "PendingManualApproval", "Approved"
LONGEST = 1024  # characters of ApprovalDescription
STAGE = "Production"


def approve(settings: Settings, build: BuildSession, stage: Stage) -> Candidate:
    """Mark the model package approved, by whom and with which words; raises Mistakes, and changes
    nothing, where the approver is an author or anything is not what was tested."""
    candidate = read_candidate()
    check_group(settings, candidate)
    sagemaker = build.client("sagemaker")
    version = sagemaker.describe_model_package(ModelPackageName=candidate.package)
    check_registered(candidate, version)
    check_status(version, build)
    check_data(candidate, stage.client("s3"))
    execution = running(settings, build)
    given = approved(answers(execution))
    check_approver(candidate, given)
    compared = str(candidate.champion.get("package", ""))
    if compared and not execution.goes_back_to:  # what a rollback repeats was approved
        check_forward(compared, live(sagemaker, settings[Variable.PACKAGE_GROUP]))
    candidate = candidate.with_(
        approved_by=given[0].by,
        approval={"by": given[0].arn, "at": given[0].at, "comment": given[0].comment},
    )
    gate = settings[Variable.GATE]
    sagemaker.update_model_package(**record(candidate, given[0], gate))
    write_candidate(candidate)
    write_text(CARD, page(candidate, gate))
    write_deployment(
        settings,
        stage,
        candidate,
        endpoint=settings[Variable.MODEL],
        name="production",
        served=bool(execution.goes_back_to),
    )
    return candidate


def check_group(settings: Settings, candidate: Candidate) -> None:
    """Raise Mistakes for a candidate of another model."""
    group = settings[Variable.PACKAGE_GROUP].replace(":model-package-group/", ":model-package/")
    if candidate.package.rpartition("/")[0] != group:
        raise Mistakes(
            [Diagnostic(f"`{candidate.package}` is no version of {settings[Variable.MODEL]}")]
        )


def check_status(version: Mapping[str, Any], build: BuildSession) -> None:
    """Raise Mistakes for a version that was answered already, unless by a release before this one:
    an approval that came about elsewhere is not one."""
    status = version.get("ModelApprovalStatus", PENDING)
    if status == PENDING:
        return
    by = version.get("LastModifiedBy", {}).get("IamIdentity", {}).get("Arn", "somebody")
    mine = build.client("sts").get_caller_identity()["Arn"]
    if status == APPROVED and by.rpartition("/")[0] == mine.rpartition("/")[0]:
        return
    raise Mistakes(
        [
            Diagnostic(
                f"{version['ModelPackageArn']} is {status} already, by `{by}`",
                "approvals are given in the release pipeline alone; push to the model's "
                "repository, and a new version is proposed",
            )
        ]
    )


def approved(found: Sequence[Answer]) -> list[Answer]:
    """Return the approvals among the answers, the newest first; raises Mistakes without any."""
    given = [one for one in found if one.approved]
    if not given:
        raise Mistakes([Diagnostic("nobody approved in this execution of the release pipeline")])
    return given


def check_approver(candidate: Candidate, given: Sequence[Answer]) -> None:
    """Raise Mistakes where somebody approved their own work, in whichever role."""
    if not candidate.authors:
        raise Mistakes(
            [
                Diagnostic(
                    "nobody knows whose work this candidate is, so nobody can approve it",
                    "push to the model's repository, and a new candidate is made",
                )
            ]
        )
    found = [
        Diagnostic(
            f"{one.by} approved a model that is their own work (author: {author}); "
            "nothing was released",
            "somebody else releases it: start the release pipeline on the same candidate and have "
            "another engineer approve",
        )
        for one in given
        if (author := among(one.by, candidate.authors))
    ]
    if found:
        raise Mistakes(found)


def check_forward(compared: str, serving: Sequence[str]) -> None:
    """Raise Mistakes where production went back behind the version that authors are counted from:
    then what is released holds more than their work."""
    if serving and _number(serving[0]) < _number(compared):
        raise Mistakes(
            [
                Diagnostic(
                    f"production went back to {serving[0]} since this candidate was compared with "
                    f"{compared}: not all whose work would be released are known",
                    "start the model's pipeline, and a new version is proposed",
                )
            ]
        )


def _number(package: str) -> int:
    return int(package.rpartition("/")[2])


def record(candidate: Candidate, given: Answer, gate: str) -> dict[str, Any]:
    """The request that keeps an approval: who, when, with which words, on which metrics."""
    said = ", ".join(f"{name} {value:.6g}" for name, value in candidate.metrics.items())
    comment = " ".join(given.comment.split())
    return {
        "ModelPackageArn": candidate.package,
        "ModelApprovalStatus": APPROVED,
        "ApprovalDescription": f"approved by {given.by} at {given.at}: {comment} ({said})"[
            :LONGEST
        ],
        "CustomerMetadataProperties": {
            "approved-by": written(given.arn),
            "approved-at": written(given.at),
            "approved-in": written(given.execution),
        },
        "ModelCard": {
            "ModelCardContent": json.dumps(card(candidate, gate)),
            "ModelCardStatus": "Approved",
        },
        "ModelLifeCycle": {
            "Stage": STAGE,
            "StageStatus": "Approved",
            "StageDescription": f"{given.by}: {comment}"[:LONGEST],
        },
    }
