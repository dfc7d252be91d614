"""`landrail model step propose`: hand exactly this candidate to the release pipeline."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from landrail.aws.builds import BuildSession
from landrail.operations.model.artifacts import find, write_json
from landrail.operations.model.settings import Settings, Variable

_FILES = ("candidate.json", "metrics.json", "template.json")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def propose(settings: Settings, build: BuildSession) -> str:
    """Put the candidate into the artifact bucket and start the release pipeline on that version of
    it; return the execution's id."""
    model = settings[Variable.MODEL]
    stored = build.client("s3").put_object(
        Bucket=settings[Variable.ARTIFACT_BUCKET],
        Key=f"candidates/{model}.zip",
        Body=bundle(),
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId=settings[Variable.ARTIFACT_KEY],
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


def bundle() -> bytes:
    """The candidate's files as one archive, the same bytes for the same candidate."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in _FILES:
            file: Path | None = find(name)
            if file is not None:
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), file.read_bytes())
    return body.getvalue()
