"""A model without an endpoint: tried by a transform, released as a model alone, its files scored
after the release, on demand, and gone on with."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pyarrow.csv
import pytest
from botocore.exceptions import ClientError

from tests.airline import standing
from tests.kinds.kinds_world import SHARED, World
from tests.kinds.scoring import project

pytestmark = pytest.mark.soak
PLATFORM = """
platform: scores
target: local
region: eu-west-1
email: aws+{account}@scores.example
lines_of_business: [retail]
accounts: {shared: {kind: shared-services}, data: {kind: data-management}}
teams: {churn: {lob: retail, scientists: [ana], mlops: [dee], data_engineers: [eli]}}
datasets:
  numbers: {owner: data, share: [retail]}
  others: {owner: data, share: [retail]}
models:
  tiny:
    team: churn
    dataset: numbers
    serve: [batch]
    batch: {data: others, version: "7", machines: 2, schedule: rate(7 days)}
"""


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("scores")
    with standing(folder, PLATFORM, [["local", "start"]]) as platform:
        world = World(platform, folder)
        numbers = "value\n" + "".join(f"{n}\n" for n in range(1, 41))
        others = "id,value\n" + "".join(f"i{n},{n}\n" for n in range(100))
        put(world, "numbers", "v=1/numbers.csv", numbers)
        put(world, "others", "v=7/others.csv", others)
        yield world


def put(world: World, data: str, key: str, text: str) -> None:
    bucket = world.filled(f"scores-lake-{data}-{{data-prod}}")
    s3 = world.client("eli@data-prod", "s3")
    s3.put_object(Bucket=bucket, Key=f"{data}/{key}", Body=text.encode())


def manifest(world: World, run: str) -> dict[str, Any]:
    s3 = world.client("dee@retail-production", "s3")
    bucket = world.filled("scores-stage-{retail-production}")
    body = s3.get_object(Bucket=bucket, Key=f"batch/tiny/{run}/manifest.json")["Body"].read()
    made: dict[str, Any] = json.loads(body)
    made["tables"] = [
        pyarrow.csv.read_csv(
            io.BytesIO(
                s3.get_object(Bucket=bucket, Key=f"batch/tiny/{run}/{one['part']}")["Body"].read()
            )
        ).to_pylist()
        for one in made["outputs"]
    ]
    return made


def test_a_model_without_an_endpoint_is_released_and_scores(scores: World) -> None:
    copy = project(scores)
    commit = scores.commit(copy)
    scores.push(copy)
    scores.succeed("tiny", scores.begun_with("tiny", commit))
    uat = scores.client("dee@retail-uat", "sagemaker")
    assert uat.list_endpoints()["Endpoints"] == []
    (tried,) = uat.list_transform_jobs()["TransformJobSummaries"]
    assert tried["TransformJobStatus"] == "Completed"
    release = scores.executions("tiny-release")[0]["pipelineExecutionId"]
    scores.approve("tiny-release", release, "dee")
    scores.succeed("tiny-release", release)
    production = scores.client("dee@retail-production", "sagemaker")
    assert production.list_endpoints()["Endpoints"] == []
    made = manifest(scores, release)
    assert made["status"] == "Completed"
    assert made["data"] == "others@7"
    (version,) = scores.versions("tiny")
    assert made["package"] == version["ModelPackageArn"]
    rows = [row for table in made["tables"] for row in table]
    assert [row["id"] for row in rows] == [f"i{n}" for n in range(100)]
    assert [row["prediction"] for row in rows] == [float(n > 21) for n in range(100)]


def test_it_scores_other_data_on_demand_and_goes_on_with_a_run(scores: World) -> None:
    put(scores, "others", "v=8/others.csv", "id,value\na,1\nb,99\n")
    first = scores.start("tiny-batch", Data="others@8")
    scores.succeed("tiny-batch", first)
    made = manifest(scores, first)
    assert [row["prediction"] for table in made["tables"] for row in table] == [0, 1]
    again = scores.start("tiny-batch", Data="others@8", Resume=first)
    scores.succeed("tiny-batch", again)
    assert manifest(scores, first)["skipped"] == 1
    wrong = scores.start("tiny-batch", Data="secrets@1")
    assert scores.end("tiny-batch", wrong) == "Failed"
    assert "data set `secrets` is not granted here" in scores.why("tiny-batch", wrong)


def test_a_scientist_does_not_begin_it(scores: World) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        scores.client(f"ana@{SHARED}", "codepipeline").start_pipeline_execution(name="tiny-batch")
