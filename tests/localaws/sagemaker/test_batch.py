"""Processing and batch transform: files in, a real process, files out."""

import gzip
import json

import pytest
from botocore.exceptions import ClientError
from sagemaker_studio import until

from landrail.localaws.services.sagemaker import payloads


def transform(studio, unique, source, **more):
    name = unique("batch")
    model = studio.model(unique("model"), 5.0)
    given = {"ContentType": "text/csv", **more.pop("given", {})}
    given["DataSource"] = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": source}}
    studio.sagemaker.create_transform_job(
        TransformJobName=name,
        ModelName=model,
        TransformInput=given,
        TransformOutput={
            "S3OutputPath": f"s3://{studio.bucket}/scores/{name}",
            "Accept": "text/csv",
            **more.pop("output", {}),
        },
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
        **more,
    )
    return until(
        lambda: studio.sagemaker.describe_transform_job(TransformJobName=name),
        "TransformJobStatus",
        "InProgress",
    )


def test_whole_files_are_scored_decompressed(studio, unique):
    prefix = unique("in")
    source = studio.put(f"{prefix}/month=11.csv.gz", gzip.compress(b"5 6"))
    job = transform(
        studio, unique, source.rpartition("/")[0] + "/", given={"CompressionType": "Gzip"}
    )
    assert job["TransformJobStatus"] == "Completed", job
    output = f"{job['TransformOutput']['S3OutputPath']}/month=11.csv.gz.out"
    assert studio.get(output) == b"0.00\n1.00"


def test_lines_are_scored_one_by_one_and_assembled(studio, unique):
    source = studio.put(f"{unique('in')}/rows.csv", b"5\n6\n7\n")
    job = transform(
        studio,
        unique,
        source,
        given={"SplitType": "Line"},
        output={"AssembleWith": "Line"},
        BatchStrategy="SingleRecord",
        MaxConcurrentTransforms=2,
    )
    assert job["TransformJobStatus"] == "Completed", job
    output = f"{job['TransformOutput']['S3OutputPath']}/rows.csv.out"
    assert studio.get(output) == b"0.00\n1.00\n2.00\n"


def test_a_file_that_the_container_refuses_fails_the_job(studio, unique):
    source = studio.put(f"{unique('in')}/rows.csv", b"five")
    job = transform(studio, unique, source)
    assert job["TransformJobStatus"] == "Failed"
    assert "not a number" in job["FailureReason"]


def test_payloads_are_as_large_as_allowed():
    lines = b"".join(b"x" * 400_000 + b"\n" for _ in range(5))
    sizes = [len(p) for p in payloads.cut(lines, "Line", "MultiRecord", 1)]
    assert sizes == [800_002, 800_002, 400_001]
    assert b"".join(payloads.cut(lines, "Line", "SingleRecord", 1)) == lines
    with pytest.raises(payloads.TooLarge):
        list(payloads.cut(lines, "None", "MultiRecord", 1))
    assert list(payloads.cut(lines, "None", "MultiRecord", 0)) == [lines]


def processing(studio, name, **more):
    source = studio.put(f"{name}/data.csv", b"12345")
    return {
        "ProcessingJobName": name,
        "RoleArn": studio.role,
        "AppSpecification": {"ImageUri": studio.image, "ContainerArguments": ["evaluate"]},
        "ProcessingInputs": [
            {
                "InputName": "data",
                "S3Input": {
                    "S3Uri": source.rpartition("/")[0],
                    "LocalPath": "/opt/ml/processing/data",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "metrics",
                    "S3Output": {
                        "S3Uri": f"s3://{studio.bucket}/evaluation/{name}",
                        "LocalPath": "/opt/ml/processing/out",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ]
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": "ml.m5.large",
                "VolumeSizeInGB": 1,
            }
        },
        **more,
    }


def test_a_processing_job_leaves_its_outputs(studio, unique):
    name = unique("evaluate")
    isolated = {"EnableNetworkIsolation": True}
    studio.sagemaker.create_processing_job(**processing(studio, name, NetworkConfig=isolated))
    job = until(
        lambda: studio.sagemaker.describe_processing_job(ProcessingJobName=name),
        "ProcessingJobStatus",
        "InProgress",
    )
    assert job["ProcessingJobStatus"] == "Completed", job
    found = studio.get(f"s3://{studio.bucket}/evaluation/{name}/metrics.json")
    assert json.loads(found) == {"bytes": 5}
    with pytest.raises(ClientError, match="already exists"):
        studio.sagemaker.create_processing_job(**processing(studio, name))


def test_a_path_outside_of_the_job_is_refused(studio, unique):
    request = processing(studio, unique("evaluate"))
    request["ProcessingInputs"][0]["S3Input"]["LocalPath"] = "/opt/ml/../../etc"
    with pytest.raises(ClientError, match="LocalPath"):
        studio.sagemaker.create_processing_job(**request)
