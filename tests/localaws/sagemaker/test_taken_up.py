"""Endpoints stand again after the server was killed; a job that ran says that it did not end."""

import signal

from sagemaker_studio import Studio, make_studio, until


def test_endpoints_come_back_and_jobs_do_not(start_local_aws, tmp_path, unique):
    cloud, process = start_local_aws(tmp_path)
    studio = make_studio(cloud, cloud.account("production"))
    endpoint, job = unique("endpoint"), unique("train")
    config = studio.config(unique("config"), studio.model(unique("model"), 5.0))
    studio.sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    settle(studio, endpoint)
    studio.sagemaker.create_training_job(**studio.training(job, hyper={"mode": "sleep"}))
    process.send_signal(signal.SIGKILL)
    process.wait()

    cloud, _ = start_local_aws(tmp_path)
    again = Studio(
        cloud,
        studio.account,
        cloud.administrator(studio.account),
        studio.bucket,
        studio.role,
        studio.repository,
        studio.image,
    )
    assert settle(again, endpoint)["EndpointStatus"] == "InService"
    answer = again.client("sagemaker-runtime").invoke_endpoint(EndpointName=endpoint, Body=b"5 6")
    assert answer["Body"].read() == b"0.00\n1.00"
    described = again.sagemaker.describe_training_job(TrainingJobName=job)
    assert described["TrainingJobStatus"] == "Failed"
    assert "stopped while the job ran" in described["FailureReason"]


def settle(studio, name):
    return until(
        lambda: studio.sagemaker.describe_endpoint(EndpointName=name),
        "EndpointStatus",
        "Creating",
        "SystemUpdating",
    )
