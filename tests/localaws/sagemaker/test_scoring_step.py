"""The step that scores files with what production has: shards, a manifest, going on again."""

from __future__ import annotations

import json
import threading
import time

import numpy as np
import pyarrow
import pytest
from scoring_site import Site, make_site

from landrail.diagnostics import Mistakes
from landrail.operations.model.steps import run_step


@pytest.fixture(scope="module")
def site(local_aws) -> Site:
    return make_site(local_aws, local_aws.account("scoring"))


@pytest.fixture
def step(site, monkeypatch, tmp_path):
    """Run the step `batch` as a build of the account does."""
    held = site.studio.session.get_credentials().get_frozen_credentials()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", held.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", held.secret_key)
    monkeypatch.setenv("AWS_SESSION_TOKEN", held.token)
    monkeypatch.setenv("AWS_ENDPOINT_URL", site.studio.cloud.endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.chdir(tmp_path)

    def run(model, execution, **more):
        run_step("batch", site.settings(model, execution, **more))
        return site.manifest(model, more.get("LANDRAIL_BATCH_RESUME", execution))

    return run


def rows(count, first=0):
    b = np.arange(first, first + count)
    return pyarrow.table({"a": b * 0.5, "b": b, "id": [f"i{n}" for n in b]})


def test_every_row_is_scored_once_by_two_machines_and_the_manifest_says_how(site, step, unique):
    model = unique("m")
    site.put_table(f"lake/{model}/v=1/day=1/x.parquet", rows(700, 1000), 100)
    site.put_table(f"lake/{model}/v=1/day=2/y.parquet", rows(300, 5000), 70)
    site.release_model(model, 2.0, format="parquet", keep=["id"], machines=2, shard_rows=200)
    made = step(model, "run-1")
    assert made["status"] == "Completed", made
    assert made["data"] == "rows@1"
    assert made["image"] == site.image
    assert made["package"].endswith(f"/{model}/1")
    assert [one["rows"] for one in made["inputs"]] == [700, 300]
    found = site.scores(made)
    wanted = [*range(1000, 1700), *range(5000, 5300)]
    assert [one["id"] for one in found] == [f"i{n}" for n in wanted]
    assert [one["prediction"] for one in found] == [n * 0.5 * 2 + n for n in wanted]
    assert [one["row"] for one in found] == [*range(700), *range(300)]
    job = site.studio.sagemaker.list_processing_jobs()["ProcessingJobSummaries"][0]
    told = site.studio.sagemaker.describe_processing_job(ProcessingJobName=job["ProcessingJobName"])
    assert told["NetworkConfig"]["EnableNetworkIsolation"]
    again = step(model, "run-1")
    assert again["skipped"] == len(again["outputs"]) == len(made["outputs"])
    assert site.scores(again) == found
    # The released version is scored by, never a newer order under the name of an older run.
    site.release_model(model, 3.0, format="parquet", keep=["id"], machines=2, shard_rows=200)
    with pytest.raises(Mistakes, match="began with another order"):
        step(model, "run-1")
    assert site.scores(step(model, "run-2"))[0]["prediction"] == 1000 * 0.5 * 3 + 1000


def test_a_run_that_was_stopped_is_gone_on_with(site, step, unique):
    model = unique("m")
    site.put_table(f"lake/{model}/v=1/x.parquet", rows(400), 20)
    site.release_model(model, 1.0, format="parquet", shard_rows=20)
    sagemaker = site.studio.sagemaker

    def stop():
        place = {"Bucket": site.studio.bucket, "Prefix": f"batch/{model}/run-1/records/"}
        while not site.studio.client("s3").list_objects_v2(**place).get("KeyCount"):
            time.sleep(0.1)
        job = sagemaker.list_processing_jobs()["ProcessingJobSummaries"][0]["ProcessingJobName"]
        sagemaker.stop_processing_job(ProcessingJobName=job)

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(Mistakes, match="stopped"):
        step(model, "run-1")
    stopper.join()
    assert site.manifest(model, "run-1")["status"] == "Failed"
    made = step(model, "run-2", LANDRAIL_BATCH_RESUME="run-1")
    assert made["status"] == "Completed"
    assert 0 < made["skipped"] < len(made["outputs"])
    assert [one["prediction"] for one in site.scores(made)] == [n * 1.5 for n in range(400)]


def test_a_wrong_file_is_named_and_the_manifest_says_failed(site, step, unique):
    model = unique("m")
    site.put_table(
        f"lake/{model}/v=1/x.parquet", rows(5).rename_columns(["a", "bb", "id"]), group=5
    )
    site.release_model(model, 1.0, format="parquet")
    with pytest.raises(Mistakes) as caught:
        step(model, "run-1")
    told = "\n".join(one.summary for one in caught.value.diagnostics)
    assert "x.parquet: column `b` is missing; `bb` is there" in told
    assert site.manifest(model, "run-1")["status"] == "Failed"


def test_whole_files_go_through_the_server_of_the_model(site, step, unique):
    model = unique("m")
    site.studio.put(f"lake/{model}/v=7/x.csv", b"b,a\n1,2\n3,4\n")
    site.release_model(model, 10.0, content_type="text/csv")
    made = step(model, "run-1", LANDRAIL_BATCH=json.dumps({"version": "7"}))
    assert made["status"] == "Completed"
    assert [one["part"] for one in made["outputs"]] == ["parts/x.csv.out"]
    assert site.studio.get(f"{made['place']}/parts/x.csv.out") == b"21.0\n43.0\n"


def test_a_model_that_serves_by_something_else_has_no_shards(site, step, unique):
    model = unique("m")
    site.release_model(model, 1.0, serving=False)
    with pytest.raises(Mistakes, match="does not serve by"):
        step(model, "run-1", LANDRAIL_BATCH=json.dumps({"format": "csv"}))


def test_nothing_is_scored_before_a_release(step, unique):
    with pytest.raises(Mistakes, match="nothing is released"):
        step(unique("m"), "run-1")
