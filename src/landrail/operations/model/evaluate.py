"""`landrail model step evaluate`: a processing job measures the model, and the gate decides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.artifacts import OUT, Candidate, read_candidate, write_candidate
from landrail.operations.model.champion import Champion, bring, champion_of, must_measure
from landrail.operations.model.processing import Work, request
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage
from landrail.operations.model.waiting import wait
from landrail.spec.gate import GateError, judge, parse_gate

_VOLUME_GIGABYTES = 30


def evaluate(settings: Settings, stage: Stage) -> Candidate:
    """Measure the candidate; raises Mistakes where it does not pass the model's gate."""
    candidate = read_candidate()
    gate = parse_gate(settings[Variable.GATE])
    # What is only tried out is held to the gate's own numbers; nothing is registered there.
    champion = None if settings.in_development else champion_of(settings, stage)
    against = None
    if champion and must_measure(champion, candidate, gate.of_champion):
        against = _begin(settings, stage, _in_place_of(settings, stage, candidate, champion), "vs")
    running = _begin(settings, stage, candidate, "evaluate")
    candidate = candidate.with_(
        processing_job=running.ended(stage),
        evaluation=running.output,
        metrics=running.metrics(stage, OUT / "metrics.json"),
    )
    download(stage, f"{running.output}/sample.csv", OUT / "sample.csv")
    if champion:
        anew = against.measured(stage, OUT / "champion.json") if against else champion.metrics
        candidate = candidate.with_(champion=champion.told(anew, anew=against is not None))
    write_candidate(candidate)
    check_gate(settings[Variable.GATE], candidate.metrics, candidate.champion.get("metrics"))
    return candidate


@dataclass(frozen=True, slots=True)
class Measuring:
    """A processing job that measures a model, and where it leaves the numbers."""

    name: str
    output: str

    def ended(self, stage: Stage) -> str:
        """Wait for its end; return its ARN."""
        sagemaker = stage.client("sagemaker")
        job = wait(
            lambda: sagemaker.describe_processing_job(ProcessingJobName=self.name),
            "ProcessingJobStatus",
            f"processing job {self.name}",
        )
        return str(job["ProcessingJobArn"])

    def metrics(self, stage: Stage, file: Path) -> dict[str, float]:
        """Fetch the numbers; raises Mistakes where they are none."""
        download(stage, f"{self.output}/metrics.json", file)
        try:
            return {k: float(v) for k, v in json.loads(file.read_text()).items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise Mistakes(
                [
                    Diagnostic(
                        f"`metrics.json` of {self.name} cannot be read: {error}",
                        "the evaluation writes one object of names and numbers",
                    )
                ]
            ) from None

    def measured(self, stage: Stage, file: Path) -> dict[str, float]:
        """Wait for the champion's numbers; raises Mistakes that say that they are its."""
        try:
            self.ended(stage)
        except Mistakes as mistakes:
            raise Mistakes(
                [
                    Diagnostic(
                        f"the model in production could not be measured on the candidate's data: "
                        f"{one.summary}",
                        "the gate compares with it; let its version of the data stand, or take "
                        "`champion` out of the gate for this release",
                    )
                    for one in mistakes.diagnostics
                ]
            ) from None
        return self.metrics(stage, file)


def _begin(settings: Settings, stage: Stage, candidate: Candidate, kind: str) -> Measuring:
    name = stage.job_name(kind)
    output = f"s3://{settings[Variable.STAGE_BUCKET]}/evaluation/{name}"
    job = processing_job(settings, stage, candidate, name, output)
    stage.client("sagemaker").create_processing_job(**job)
    return Measuring(name, output)


def _in_place_of(
    settings: Settings, stage: Stage, candidate: Candidate, champion: Champion
) -> Candidate:
    """The champion as a candidate: its own image and archive, on the candidate's data."""
    build = replace(
        candidate.build,
        image=champion.image,
        entrypoint=list(champion.entrypoint) or candidate.build.entrypoint,
    )
    return Candidate(build, model_data=bring(settings, stage, champion))


def check_gate(
    text: str, metrics: Mapping[str, float], champion: Mapping[str, float] | None = None
) -> None:
    """Raise Mistakes where the metrics do not pass the gate; without a champion, what is said of it
    is left out."""
    try:
        judgement = judge(parse_gate(text).condition, metrics, champion)
    except GateError as error:
        raise Mistakes(
            [Diagnostic(str(error), "the evaluation must write every metric that the gate names")]
        ) from None
    if not judgement.passes:
        failed = (str(one) for one in judgement.judged if one.holds is False)
        measured = ", ".join(f"{name} {value:.6g}" for name, value in metrics.items())
        raise Mistakes(
            [
                Diagnostic(
                    f"the gate `{text}` is not passed: {'; '.join(failed)}",
                    f"measured: {measured}",
                )
            ]
        )


def download(stage: Stage, uri: str, file: Path) -> None:
    """Fetch one object of the stage's bucket."""
    place = urlparse(uri)
    file.parent.mkdir(exist_ok=True)
    stage.client("s3").download_file(place.netloc, place.path.lstrip("/"), str(file))


def processing_job(
    settings: Settings, stage: Stage, candidate: Candidate, name: str, output: str
) -> dict[str, Any]:
    """The request: the same image as the training, the model and the data in, metrics out."""
    build = candidate.build
    work = Work(
        name=name,
        role=settings[Variable.JOB_ROLE],
        image=build.image,
        entrypoint=build.entrypoint,
        command="evaluate",
        inputs={"model": candidate.model_data, "data": settings.data_uri(build.data)},
        output=output,
        instance_type=build.instance_type,
        commit=build.commit,
        gigabytes=_VOLUME_GIGABYTES,
    )
    return request(settings, stage, work)
