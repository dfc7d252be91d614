"""`landrail model step batch`: score granted data with the version that production has.

A run has a name, that of the execution which began it, and all it leaves lies below it. A run that
was interrupted is gone on with by a retry, or by another execution that names it.
"""

from __future__ import annotations

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.artifacts import write_json
from landrail.operations.model.scoring import manifest, shards, whole
from landrail.operations.model.scoring.asked import ask, of_file
from landrail.operations.model.scoring.released import find_released
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage


def batch(settings: Settings, stage: Stage) -> str:
    """Score, and leave a manifest; return where the scores lie. Raises Mistakes where a file cannot
    be scored whole."""
    released = find_released(settings, stage)
    asked = ask(
        released.batch,
        of_file(settings.said(Variable.BATCH)),
        learned_from=released.data,
        data=settings.said(Variable.BATCH_DATA),
    )
    if asked.by_shards and not released.serving:
        raise Mistakes(
            [
                Diagnostic(
                    f"`format` asks for shards, and {released.package} does not serve by "
                    "`landrail.serving`",
                    "add `landrail[serving]` to the project's dependencies and release it, or "
                    "leave `format` out: whole files go to its server then",
                )
            ]
        )
    run = settings.said(Variable.BATCH_RESUME) or settings[Variable.EXECUTION]
    uri = f"s3://{settings[Variable.STAGE_BUCKET]}/batch/{settings[Variable.MODEL]}/{run}"
    output = manifest.Output(settings, stage, uri)
    if asked.by_shards:
        order = shards.write_order(settings, stage, released, asked, uri)
        request = shards.processing_job(settings, stage, released, asked, uri)
        job, why = shards.process(stage, request)
        made = manifest.of_shards(output, released, order, job, asked.scoring.machines)
        output.write(made)
        write_json("batch.json", {"job": job["ProcessingJobArn"], "output": uri, **made})
        manifest.check(made, why, uri)
    else:
        request = whole.transform_job(settings, stage, released, asked, f"{uri}/parts")
        job = whole.transform(stage, request)
        source = settings.data_uri(asked.data) + asked.scoring.prefix
        made = manifest.of_files(output, released, asked.data, source, job)
        output.write(made)
        write_json("batch.json", {"job": job["TransformJobArn"], "output": uri, **made})
    return uri
