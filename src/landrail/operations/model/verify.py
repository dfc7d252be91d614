"""`landrail model step test`: the stage must answer what the evaluation measured: its endpoint, or
a small transform job of its model where there is none."""

from __future__ import annotations

import csv
import io

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.artifacts import Candidate, find, read_candidate, write_json
from landrail.operations.model.objects import put
from landrail.operations.model.scoring.released import model_of, stack_name
from landrail.operations.model.scoring.whole import request, transform
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage

_TOLERANCE = 1e-5  # scores travel as text with six decimals


def verify(settings: Settings, stage: Stage) -> int:
    """Send the scored sample of the evaluation to what the stage has and compare; return how many
    rows agree. Raises Mistakes where one does not."""
    candidate = read_candidate()
    file = find("sample.csv")
    if file is None:
        raise Mistakes([Diagnostic("there is no `sample.csv` here", "the evaluation writes it")])
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    expected = [float(row.pop("expected")) for row in rows]
    if settings.serves("online"):
        what, answer = f"the endpoint {settings[Variable.ENDPOINT]}", _asked(settings, stage, rows)
    else:
        what = f"the model of {stack_name(settings)}"
        answer = _transformed(settings, stage, candidate, rows)
    scores = [float(line) for line in answer.split()]
    wrong = sum(abs(a - b) > _TOLERANCE for a, b in zip(scores, expected, strict=False))
    if wrong or len(scores) != len(expected):
        raise Mistakes(
            [
                Diagnostic(
                    f"{what} answers {len(scores)} of {len(expected)} rows, {wrong} other than "
                    "the evaluation measured"
                )
            ]
        )
    write_json("test.json", {"rows": len(scores), "as_measured": len(scores)})
    return len(scores)


def _asked(settings: Settings, stage: Stage, rows: list[dict[str, str]]) -> str:
    answer = stage.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=settings[Variable.ENDPOINT],
        ContentType="text/csv",
        Accept="text/csv",
        Body=_csv(rows),
    )
    return str(answer["Body"].read().decode())


def _transformed(
    settings: Settings, stage: Stage, candidate: Candidate, rows: list[dict[str, str]]
) -> str:
    bucket, key = settings[Variable.STAGE_BUCKET], settings[Variable.STAGE_KEY]
    folder = f"batch/{settings[Variable.ENDPOINT]}/{settings.run}"
    s3 = stage.client("s3")
    put(s3, bucket, f"{folder}/in/sample.csv", _csv(rows).encode(), key)
    job = request(
        settings,
        stage,
        model=model_of(stack_name(settings), stage),
        source=f"s3://{bucket}/{folder}/in/",
        output=f"s3://{bucket}/{folder}/out",
        content_type="text/csv",
        compression="None",
        instance_type=candidate.build.instance_type,
        machines=1,
        tags=stage.tags(candidate.build.commit),
    )
    transform(stage, job)
    answer = s3.get_object(Bucket=bucket, Key=f"{folder}/out/sample.csv.out")
    return str(answer["Body"].read().decode())


def _csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
