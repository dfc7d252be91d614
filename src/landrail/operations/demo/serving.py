"""Asking the production endpoint about flights that it has never seen, and the month's batch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from landrail.operations.demo.cast import Actor
from landrail.operations.demo.facts import MODEL, PRODUCTION, Facts
from landrail.operations.demo.flights import UNSEEN, chunks, departure_delay, late, read_month
from landrail.operations.demo.measure import auc

_ROWS = 9000
"""Rows in a request: about 1 MB, of the 6 MB that SageMaker takes."""


@dataclass(frozen=True, slots=True)
class Served:
    """What the endpoint answered about the unseen months, measured here."""

    flights: int
    auc: float
    baseline: float
    endpoint: str
    image: str


def ask(engineer: Actor, folder: Path) -> Served:
    """Score every flight of November and December by the endpoint and measure the answers."""
    truth: list[bool] = []
    scores: list[float] = []
    baseline: list[float] = []
    for month in (read_month(folder, number) for number in UNSEEN):
        truth += late(month)
        baseline += departure_delay(month)
        for text in chunks(month, _ROWS):
            scores += _invoke(engineer, text)
    found = engineer.call("sagemaker", "DescribeEndpoint", EndpointName=MODEL)
    image = found["ProductionVariants"][0]["DeployedImages"][0]["ResolvedImage"]
    return Served(
        flights=len(scores),
        auc=auc(truth, scores),
        baseline=auc(truth, baseline),
        endpoint=str(found["EndpointArn"]),
        image=str(image),
    )


def _invoke(engineer: Actor, text: str) -> list[float]:
    answer = engineer.call(
        "sagemaker-runtime",
        "InvokeEndpoint",
        EndpointName=MODEL,
        ContentType="text/csv",
        Accept="text/csv",
        Body=text.encode(),
    )
    return [float(line) for line in answer["Body"].read().decode().split()]


def batch_rows(reader: Actor, facts: Facts) -> tuple[str, int]:
    """Return the newest transform job's ARN and how many scores it wrote."""
    jobs = reader.call("sagemaker", "ListTransformJobs", SortBy="CreationTime")
    newest = jobs["TransformJobSummaries"][0]["TransformJobName"]
    job = reader.call("sagemaker", "DescribeTransformJob", TransformJobName=newest)
    prefix = job["TransformOutput"]["S3OutputPath"].partition(f"{facts.stage(PRODUCTION)}/")[2]
    bucket = facts.stage(PRODUCTION)
    found = reader.call("s3", "ListObjectsV2", Bucket=bucket, Prefix=prefix)
    rows = 0
    for item in found.get("Contents", []):
        body = reader.call("s3", "GetObject", Bucket=bucket, Key=item["Key"])["Body"].read()
        rows += len(body.split())
    return str(job["TransformJobArn"]), rows
