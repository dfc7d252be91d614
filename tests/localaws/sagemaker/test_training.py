"""Training jobs run a real process on real data, under the role and nobody else's credentials."""

import time

import pytest
from botocore.exceptions import ClientError
from sagemaker_studio import channel, until

from landrail.localaws.runtimes.process import isolation

walled = pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap")


def train(studio, unique, **settings):
    return studio.trained(unique("train"), **settings)


def model_of(studio, job):
    return studio.unpacked(job["ModelArtifacts"]["S3ModelArtifacts"])


def test_a_job_reads_its_channel_and_leaves_a_model(studio, unique):
    job = train(studio, unique, hyper={"mode": "who"})
    assert job["TrainingJobStatus"] == "Completed", job
    assert job["ModelArtifacts"]["S3ModelArtifacts"].endswith(
        f"/out/{job['TrainingJobName']}/output/model.tar.gz"
    )
    model = model_of(studio, job)
    assert model["mean"] == 3.0
    assert model["arn"].startswith(
        f"arn:aws:sts::{studio.account}:assumed-role/{studio.role.rpartition('/')[2]}/"
    )
    assert [m["Value"] for m in job["FinalMetricDataList"]] == [0.25]
    stages = [t["Status"] for t in job["SecondaryStatusTransitions"]]
    assert stages == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert job["TrainingEndTime"] >= job["TrainingStartTime"] >= job["CreationTime"]


def test_the_log_is_in_cloudwatch(studio, unique):
    job = train(studio, unique)
    logs = studio.client("logs")
    streams = logs.describe_log_streams(
        logGroupName="/aws/sagemaker/TrainingJobs",
        logStreamNamePrefix=job["TrainingJobName"] + "/",
    )["logStreams"]
    events = logs.get_log_events(
        logGroupName="/aws/sagemaker/TrainingJobs", logStreamName=streams[0]["logStreamName"]
    )["events"]
    assert "loss=0.25;" in [event["message"] for event in events]


def test_the_reason_of_a_failure_is_the_programs_own(studio, unique):
    job = train(studio, unique, hyper={"mode": "fail"})
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: no luck today, exit code: 3"
    assert "ModelArtifacts" not in job


def test_an_unknown_digest_fails(studio, unique):
    image = studio.image.partition("@")[0] + "@sha256:" + "0" * 64
    algorithm = {"TrainingImage": image, "TrainingInputMode": "File"}
    job = train(studio, unique, AlgorithmSpecification=algorithm)
    assert job["TrainingJobStatus"] == "Failed"
    assert "not found" in job["FailureReason"]


def test_a_tag_is_resolved(studio, unique):
    image = studio.image.partition("@")[0] + ":latest"
    algorithm = {"TrainingImage": image, "TrainingInputMode": "File"}
    assert train(studio, unique, AlgorithmSpecification=algorithm)["TrainingJobStatus"] == (
        "Completed"
    )


def test_no_data_fails(studio, unique):
    job = train(
        studio, unique, InputDataConfig=[channel("training", f"s3://{studio.bucket}/nothing/")]
    )
    assert job["TrainingJobStatus"] == "Failed"
    assert "No S3 objects found" in job["FailureReason"]


@walled
def test_network_isolation_leaves_neither_network_nor_credentials(studio, unique):
    hyper = {"mode": "network", "url": f"{studio.cloud.endpoint}/_landrail/health"}
    inside = model_of(studio, train(studio, unique, hyper=hyper, EnableNetworkIsolation=True))
    assert inside["network"] is False
    assert inside["keys"] == ["AWS_DEFAULT_REGION", "AWS_REGION"]
    outside = model_of(studio, train(studio, unique, hyper=hyper))
    assert outside["network"] is True
    assert "AWS_SESSION_TOKEN" in outside["keys"]


def test_a_job_can_be_stopped_and_keeps_what_it_made(studio, unique):
    name = unique("train")
    sagemaker = studio.sagemaker
    sagemaker.create_training_job(**studio.training(name, hyper={"mode": "sleep"}))
    until(
        lambda: sagemaker.describe_training_job(TrainingJobName=name),
        "SecondaryStatus",
        "Starting",
        "Downloading",
    )
    time.sleep(1)
    sagemaker.stop_training_job(TrainingJobName=name)
    job = until(
        lambda: sagemaker.describe_training_job(TrainingJobName=name),
        "TrainingJobStatus",
        "InProgress",
        "Stopping",
    )
    assert job["TrainingJobStatus"] == "Stopped"
    assert job["ModelArtifacts"]
    with pytest.raises(ClientError, match="in status Stopped"):
        sagemaker.stop_training_job(TrainingJobName=name)


def test_a_job_that_runs_too_long_is_stopped(studio, unique):
    job = train(
        studio,
        unique,
        hyper={"mode": "sleep"},
        StoppingCondition={"MaxRuntimeInSeconds": 1},
    )
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


def test_names_are_taken_once(studio, unique):
    job = train(studio, unique)
    with pytest.raises(ClientError) as raised:
        studio.sagemaker.create_training_job(**studio.training(job["TrainingJobName"]))
    assert raised.value.response["Error"]["Code"] == "ResourceInUse"


def test_what_aws_refuses_is_refused(studio, unique):
    sagemaker = studio.sagemaker
    with pytest.raises(ClientError, match=r"Value 'a_b' at 'trainingJobName' failed to satisfy"):
        sagemaker.create_training_job(**studio.training("a_b"))
    with pytest.raises(ClientError, match=r"Requested resource not found\."):
        sagemaker.describe_training_job(TrainingJobName=unique("none"))
    role = f"arn:aws:iam::{studio.account}:role/{unique('none')}"
    with pytest.raises(ClientError):
        sagemaker.create_training_job(**studio.training(unique("train"), RoleArn=role))
    with pytest.raises(ClientError, match="does not support EnableManagedSpotTraining"):
        sagemaker.create_training_job(
            **studio.training(unique("train"), EnableManagedSpotTraining=True)
        )


def test_jobs_are_listed_by_filter_and_page(studio, unique):
    prefix = unique("list")
    names = [f"{prefix}-{n}" for n in range(3)]
    for name in names:
        studio.sagemaker.create_training_job(**studio.training(name, hyper={"mode": "fail"}))
    for name in names:
        until(
            lambda name=name: studio.sagemaker.describe_training_job(TrainingJobName=name),
            "TrainingJobStatus",
            "InProgress",
        )
    pages = studio.sagemaker.get_paginator("list_training_jobs").paginate(
        NameContains=prefix,
        StatusEquals="Failed",
        SortBy="Name",
        SortOrder="Ascending",
        PaginationConfig={"PageSize": 2},
    )
    found = [[job["TrainingJobName"] for job in page["TrainingJobSummaries"]] for page in pages]
    assert found == [names[:2], names[2:]]
    arn = studio.sagemaker.describe_training_job(TrainingJobName=names[0])["TrainingJobArn"]
    studio.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
    assert studio.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
