"""The pipeline that scores files with what production has: on demand and by time, under the role of
the production pipeline, with the released version and never a newer one."""

from __future__ import annotations

from typing import Any

from landrail.compiler import kinds, names, site
from landrail.compiler.parts import codepipeline
from landrail.compiler.parts.templates import Resources, resource
from landrail.compiler.sections.projects import project_name
from landrail.compiler.statements import role_arn
from landrail.spec import Platform

DATA, RESUME = "Data", "Resume"
NOTHING = "-"
"""What a variable says that says nothing: CodePipeline has no empty values."""
_TAIL, _LONGEST_RULE = "-schedule", 64


def batch_pipeline(platform: Platform, model: str) -> Resources:
    """Return the pipeline, and the rule that starts it by time if the file says when."""
    made = {"Batch": _pipeline(platform, model)}
    schedule = kinds.scheduled_batch(platform, model)
    return made if schedule is None else {**made, "ScheduleBatch": _rule(platform, model, schedule)}


def _pipeline(platform: Platform, model: str) -> dict[str, Any]:
    """Every pipeline begins with a source: this one's is the candidate that was proposed last, and
    nothing is read from it, for it may not be released."""
    lob = platform.teams[platform.models[model].team].lob
    name = site.model_name(model)
    bucket = site.artifact_bucket(platform, lob)
    source = codepipeline.from_bucket(bucket, f"candidates/{name}.zip")
    told = {
        "LANDRAIL_EXECUTION": "#{codepipeline.PipelineExecutionId}",
        "LANDRAIL_BATCH_DATA": f"#{{variables.{DATA}}}",
        "LANDRAIL_BATCH_RESUME": f"#{{variables.{RESUME}}}",
    }
    project = project_name(model, "batch")
    score = codepipeline.build("Score", project, told, take=codepipeline.SOURCE, out="Scored")
    return codepipeline.pipeline(
        platform,
        f"{name}{kinds.BATCH}",
        lob,
        "production",
        "queued",
        [codepipeline.stage("Source", source), codepipeline.stage("Batch", score)],
        variables={
            DATA: (NOTHING, "Data to score (DATASET@VERSION), else what file and release say"),
            RESUME: (NOTHING, "Execution whose unfinished scoring is taken up"),
        },
    )


def _rule(platform: Platform, model: str, schedule: str) -> dict[str, Any]:
    lob = platform.teams[platform.models[model].team].lob
    shared = platform.shared_services().name
    name = f"{site.model_name(model)}{kinds.BATCH}"
    properties = {
        "Name": names.shorten(name, _LONGEST_RULE - len(_TAIL)) + _TAIL,
        "Description": f"Starts the batch job of {model} by time",
        "State": "ENABLED",
        "ScheduleExpression": schedule,
        "Targets": [
            {
                "Id": "pipeline",
                "Arn": site.pipeline_arn(platform, model, kinds.BATCH),
                "RoleArn": role_arn(shared, site.machine_role("events", lob)),
            }
        ],
    }
    return resource("AWS::Events::Rule", properties, after=["Batch"])
