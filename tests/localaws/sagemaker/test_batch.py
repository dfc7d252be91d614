"""Processing and batch transform: files in, a real process, files out."""

import gzip
import json
import re

import pytest
from botocore.exceptions import ClientError
from sagemaker_studio import until

from landrail.localaws.services.sagemaker import payloads
from landrail.localaws.services.sagemaker.associating import Association, Filter, NotAssociated


def transform(studio, unique, source, **more):
    name = unique("batch")
    model = studio.model(unique("model"), 5.0)
    given = {"ContentType": "text/csv", **more.pop("given", {})}
    given["DataSource"] = {
        "S3DataSource": {"S3DataType": more.pop("kind", "S3Prefix"), "S3Uri": source}
    }
    studio.sagemaker.create_transform_job(
        TransformJobName=name,
        ModelName=model,
        TransformInput=given,
        TransformOutput={
            "S3OutputPath": f"s3://{studio.bucket}/scores/{name}",
            "Accept": "text/csv",
            **more.pop("output", {}),
        },
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": more.pop("count", 1)},
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


def test_objects_are_shared_out_to_several_machines(studio, unique):
    prefix = unique("in")
    for n in range(3):
        source = studio.put(f"{prefix}/{n}.csv", f"{n}".encode())
    job = transform(studio, unique, source.rpartition("/")[0] + "/", count=2)
    assert job["TransformJobStatus"] == "Completed", job
    assert job["TransformResources"]["InstanceCount"] == 2
    output = job["TransformOutput"]["S3OutputPath"]
    found = [studio.get(f"{output}/{n}.csv.out") for n in range(3)]
    assert found == [b"-5.00", b"-4.00", b"-3.00"]


def test_objects_are_those_of_a_manifest(studio, unique):
    prefix = unique("in")
    for n in range(3):
        studio.put(f"{prefix}/{n}.csv", f"{n}".encode())
    names = [{"prefix": f"s3://{studio.bucket}/{prefix}/"}, "0.csv", "2.csv"]
    source = studio.put(f"{prefix}/manifest", json.dumps(names).encode())
    job = transform(studio, unique, source, kind="ManifestFile")
    assert job["TransformJobStatus"] == "Completed", job
    output = job["TransformOutput"]["S3OutputPath"].partition(f"{studio.bucket}/")[2]
    listed = studio.client("s3").list_objects_v2(Bucket=studio.bucket, Prefix=output)
    assert [one["Key"].rpartition("/")[2] for one in listed["Contents"]] == [
        "0.csv.out",
        "2.csv.out",
    ]


def test_predictions_are_joined_with_what_identifies_them(studio, unique):
    source = studio.put(f"{unique('in')}/rows.csv", b"x,5,red\ny,6,blue\n")
    job = transform(
        studio,
        unique,
        source,
        given={"SplitType": "Line"},
        output={"AssembleWith": "Line"},
        DataProcessing={"InputFilter": "$[1]", "OutputFilter": "$[0,-1]", "JoinSource": "Input"},
    )
    assert job["TransformJobStatus"] == "Completed", job
    assert job["DataProcessing"]["InputFilter"] == "$[1]"
    output = f"{job['TransformOutput']['S3OutputPath']}/rows.csv.out"
    assert studio.get(output) == b"x,0.00\ny,1.00\n"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"DataProcessing": {"InputFilter": "$..a"}}, "InputFilter is not a valid JSONPath"),
        ({"MaxConcurrentTransforms": 20}, "cannot exceed 100 MB"),
        ({"BatchStrategy": "SingleRecord"}, "SplitType must be Line"),
        ({"DataCaptureConfig": {"DestinationS3Uri": "s3://b/x"}}, "DataCaptureConfig"),
        ({"count": 17}, "room for 16 instances"),
    ],
)
def test_what_is_not_taken_is_said(studio, unique, more, said):
    with pytest.raises(ClientError, match=re.escape(said)) as caught:
        transform(studio, unique, f"s3://{studio.bucket}/numbers/", **more)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_a_path_is_read_as_sagemaker_reads_it():
    row = list("abcd")
    wanted = {"$": "abcd", "$[0,2:]": "acd", "$[-1]": "d", "$[:2]": "ab"}
    assert {path: "".join(Filter.parse(path).of_row(row)) for path in wanted} == wanted
    record = {"id": 1, "features": [1, 2], "SageMakerOutput": 3}
    assert Filter.parse("$.features").of_value(record) == [1, 2]
    assert Filter.parse("$['id','SageMakerOutput']").of_value(record) == {
        "id": 1,
        "SageMakerOutput": 3,
    }
    with pytest.raises(NotAssociated, match="no element 4"):
        Filter.parse("$[4]").of_row(row)
    lines = Association("application/jsonlines", Filter(), Filter(), True)
    assert lines.saved(b'{"a": 1}\n[2]', b"0.5\n0.6\n").splitlines() == [
        b'{"a": 1, "SageMakerOutput": 0.5}',
        b'{"SageMakerInput": [2], "SageMakerOutput": 0.6}',
    ]
    with pytest.raises(NotAssociated, match="cannot be joined"):
        lines.saved(b"1\n2", b"0.5")


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
