"""`landrail model step propose`: hand exactly this candidate to the release pipeline."""

from __future__ import annotations

from landrail.aws.builds import BuildSession
from landrail.operations.model.archive import pack
from landrail.operations.model.artifacts import CARD, find, write_json
from landrail.operations.model.objects import put
from landrail.operations.model.settings import Settings, Variable

_FILES = ("candidate.json", "metrics.json", "template.json", CARD)


def propose(settings: Settings, build: BuildSession) -> str:
    """Put the candidate into the artifact bucket and start the release pipeline on that version of
    it; return the execution's id."""
    model = settings[Variable.MODEL]
    stored = put(
        build.client("s3"),
        settings[Variable.ARTIFACT_BUCKET],
        f"candidates/{model}.zip",
        pack((name, file) for name in _FILES if (file := find(name)) is not None),
        settings[Variable.ARTIFACT_KEY],
    )
    answer = build.client("codepipeline").start_pipeline_execution(
        name=f"{model}-release",
        sourceRevisions=[
            {
                "actionName": "Source",
                "revisionType": "S3_OBJECT_VERSION_ID",
                "revisionValue": stored["VersionId"],
            }
        ],
    )
    execution = str(answer["pipelineExecutionId"])
    write_json("proposal.json", {"version": stored["VersionId"], "execution": execution})
    return execution
