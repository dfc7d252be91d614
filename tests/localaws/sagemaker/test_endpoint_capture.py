"""Samples of requests and answers reach S3 under the model's role, or the endpoint says why not."""

from __future__ import annotations

import base64
import json
import re
import time

import pytest
from botocore.exceptions import ClientError
from endpoint_site import Site


@pytest.fixture
def site(studio, unique):
    made = Site(studio, unique)
    yield made
    for name in made.made:
        made.settled(name)
        studio.sagemaker.delete_endpoint(EndpointName=name)


def capture(site, prefix, *, percent=100, modes=("Input", "Output"), **more):
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": percent,
        "DestinationS3Uri": f"s3://{site.studio.bucket}/{prefix}",
        "CaptureOptions": [{"CaptureMode": mode} for mode in modes],
        **more,
    }


def objects(site, prefix, count=1):
    """The objects below a prefix, once there are some."""
    s3 = site.studio.client("s3")
    for _ in range(300):
        found = s3.list_objects_v2(Bucket=site.studio.bucket, Prefix=prefix + "/")
        if found["KeyCount"] >= count:
            return [item["Key"] for item in found["Contents"]]
        time.sleep(0.1)
    raise AssertionError("nothing was captured")


def records(site, keys):
    bucket = site.studio.bucket
    texts = [site.studio.get(f"s3://{bucket}/{key}").decode() for key in keys]
    return [json.loads(line) for text in texts for line in text.splitlines()]


def test_what_is_asked_and_answered_is_captured(site, unique):
    prefix = unique("capture")
    headers = {"CsvContentTypes": ["text/csv"]}
    key = site.studio.client("kms").create_key()["KeyMetadata"]["Arn"]
    config = capture(site, prefix, KmsKeyId=key, CaptureContentTypeHeader=headers)
    name = site.endpoint(site.config("blue", DataCaptureConfig=config))
    assert site.colour(name, InferenceId="first") == "blue"
    [path] = objects(site, prefix)
    layout = rf"{prefix}/{name}/all/\d{{4}}/\d\d/\d\d/\d\d/\d\d-\d\d-\d{{3}}-[0-9a-f-]{{36}}\.jsonl"
    assert re.fullmatch(layout, path)
    head = site.studio.client("s3").head_object(Bucket=site.studio.bucket, Key=path)
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)
    [record] = records(site, [path])
    data = record["captureData"]
    assert data["endpointInput"] == {
        "observedContentType": "text/plain",
        "mode": "INPUT",
        "data": base64.b64encode(b"5 6").decode(),
        "encoding": "BASE64",
    }
    assert data["endpointOutput"] == {
        "observedContentType": "text/csv",
        "mode": "OUTPUT",
        "data": "0.00\n1.00",
        "encoding": "CSV",
    }
    assert record["eventMetadata"]["inferenceId"] == "first"
    assert record["eventVersion"] == "0"
    assert site.described(name)["DataCaptureConfig"] == {
        "EnableCapture": True,
        "CaptureStatus": "Started",
        "CurrentSamplingPercentage": 100,
        "DestinationS3Uri": config["DestinationS3Uri"],
        "KmsKeyId": key,
    }


def test_only_what_is_asked_for_is_captured_and_nothing_at_zero_percent(site, unique):
    quiet, prefix = unique("quiet"), unique("capture")
    none = site.endpoint(site.config("blue", DataCaptureConfig=capture(site, quiet, percent=0)))
    off = {**capture(site, quiet), "EnableCapture": False}
    disabled = site.endpoint(site.config("blue", DataCaptureConfig=off))
    only = capture(site, prefix, modes=("Input",))
    name = site.endpoint(site.config("blue", DataCaptureConfig=only))
    for endpoint in (none, disabled, name):
        assert site.colours(endpoint, 3) == {"blue": 3}
    found = records(site, objects(site, prefix))
    assert [list(record["captureData"]) for record in found] == [["endpointInput"]] * 3
    s3 = site.studio.client("s3")
    assert s3.list_objects_v2(Bucket=site.studio.bucket, Prefix=quiet)["KeyCount"] == 0
    assert site.described(disabled)["DataCaptureConfig"]["CaptureStatus"] == "Stopped"


def test_capture_that_the_role_may_not_write_is_told_and_harms_no_request(site, unique):
    prefix = unique("capture")
    name = site.endpoint(site.config("blue", DataCaptureConfig=capture(site, prefix)))
    iam, role = site.studio.client("iam"), site.studio.role.rpartition("/")[2]
    document = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:PutObject", '
        f'"Resource": "arn:aws:s3:::{site.studio.bucket}/{prefix}/*"}}]}}'
    )
    iam.put_role_policy(RoleName=role, PolicyName="no-capture", PolicyDocument=document)
    try:
        assert site.colour(name) == "blue"
        for _ in range(300):
            if site.described(name)["DataCaptureConfig"]["CaptureStatus"] == "Stopped":
                break
            time.sleep(0.1)
        else:
            raise AssertionError("nothing told of the denial")
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="no-capture")
    logs = site.studio.client("logs")
    group = f"/aws/sagemaker/Endpoints/{name}"
    for _ in range(100):
        events = logs.filter_log_events(logGroupName=group, filterPattern="DataCapture")["events"]
        if events:
            break
        time.sleep(0.1)
    assert "AccessDenied" in events[0]["message"]
    assert site.colour(name) == "blue"
    assert len(records(site, objects(site, prefix))) == 1
    assert site.described(name)["DataCaptureConfig"]["CaptureStatus"] == "Started"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"DestinationS3Uri": "https://example.com/a"}, "is not an S3 URI"),
        (
            {
                "CaptureContentTypeHeader": {
                    "CsvContentTypes": ["text/csv"],
                    "JsonContentTypes": ["text/csv"],
                }
            },
            "as CSV and as JSON",
        ),
        ({"InitialSamplingPercentage": 101}, "InitialSamplingPercentage|initialSamplingPercentage"),
    ],
)
def test_settings_that_capture_nothing_are_refused(site, wrong, words):
    with pytest.raises(ClientError, match=words):
        site.config("blue", DataCaptureConfig={**capture(site, "x"), **wrong})
