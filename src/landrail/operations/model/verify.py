"""`landrail model step test`: the stage's endpoint must answer what the evaluation measured."""

from __future__ import annotations

import csv
import io

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.artifacts import find, read_candidate, write_json
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage

_TOLERANCE = 1e-5  # scores travel as text with six decimals


def verify(settings: Settings, stage: Stage) -> int:
    """Send the scored sample of the evaluation to the stage's endpoint and compare; return how
    many rows agree. Raises Mistakes where one does not."""
    read_candidate()
    file = find("sample.csv")
    if file is None:
        raise Mistakes([Diagnostic("there is no `sample.csv` here", "the evaluation writes it")])
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    expected = [float(row.pop("expected")) for row in rows]
    answer = stage.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=settings[Variable.ENDPOINT],
        ContentType="text/csv",
        Accept="text/csv",
        Body=_csv(rows),
    )
    scores = [float(line) for line in answer["Body"].read().decode().split()]
    wrong = sum(abs(a - b) > _TOLERANCE for a, b in zip(scores, expected, strict=False))
    if wrong or len(scores) != len(expected):
        raise Mistakes(
            [
                Diagnostic(
                    f"the endpoint {settings[Variable.ENDPOINT]} answers {len(scores)} of "
                    f"{len(expected)} rows, {wrong} other than the evaluation measured"
                )
            ]
        )
    write_json("test.json", {"rows": len(scores), "as_measured": len(scores)})
    return len(scores)


def _csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
