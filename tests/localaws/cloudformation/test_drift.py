"""Drift: what was changed behind a stack's back is found, named, and taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .test_stacks import bucket, physical, role, template


def statement(action: str, resource: Any) -> dict[str, Any]:
    one = {"Sid": "one", "Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [one]}


def allow(action: str) -> dict[str, Any]:
    one = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [one]}


def body(name: str) -> str:
    arn = {"Fn::Sub": "${Bucket.Arn}/*"}
    return template(
        Bucket=bucket(name),
        Policy={
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": statement("s3:DeleteObject", arn),
            },
        },
        Role=role(Policies=[{"PolicyName": "own", "PolicyDocument": allow("s3:ListAllMyBuckets")}]),
        Parameter={"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}},
    )


def found(stacks, name: str) -> dict[str, Any]:
    cloudformation = stacks.cloudformation
    id_ = cloudformation.detect_stack_drift(StackName=name)["StackDriftDetectionId"]
    status = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=id_)
    assert status["DetectionStatus"] == "DETECTION_COMPLETE", status
    drifts = cloudformation.describe_stack_resource_drifts(
        StackName=name, StackResourceDriftStatusFilters=["MODIFIED", "DELETED"]
    )["StackResourceDrifts"]
    assert status["DriftedStackResourceCount"] == len(drifts)
    assert status["StackDriftStatus"] == ("DRIFTED" if drifts else "IN_SYNC")
    return {d["LogicalResourceId"]: d for d in drifts}


def paths(drift: dict[str, Any]) -> list[str]:
    return [difference["PropertyPath"] for difference in drift["PropertyDifferences"]]


def test_drift_is_found_and_taken_back(stacks, unique):
    name, bucket_name = unique("s"), unique("bucket")
    stacks.create(name, body(bucket_name))
    assert found(stacks, name) == {}
    s3, iam, ssm = (stacks.client(service) for service in ("s3", "iam", "ssm"))
    role_name, parameter = (physical(stacks, name, n) for n in ("Role", "Parameter"))
    s3.put_bucket_versioning(Bucket=bucket_name, VersioningConfiguration={"Status": "Suspended"})
    edited = statement("s3:PutObject", f"arn:aws:s3:::{bucket_name}/*")
    s3.put_bucket_policy(Bucket=bucket_name, Policy=json.dumps(edited))
    iam.update_assume_role_policy(
        RoleName=role_name,
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "ec2.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        ),
    )
    iam.put_role_policy(
        RoleName=role_name, PolicyName="own", PolicyDocument=json.dumps(allow("s3:*"))
    )
    ssm.delete_parameter(Name=parameter)

    drifts = found(stacks, name)
    assert set(drifts) == {"Bucket", "Policy", "Role", "Parameter"}
    assert paths(drifts["Bucket"]) == ["/VersioningConfiguration/Status"]
    difference = drifts["Bucket"]["PropertyDifferences"][0]
    assert (difference["ExpectedValue"], difference["ActualValue"]) == ("Enabled", "Suspended")
    assert paths(drifts["Policy"]) == ["/PolicyDocument/Statement/Action"]
    assert paths(drifts["Role"]) == [
        "/AssumeRolePolicyDocument/Statement/Principal/Service",
        "/Policies/0/PolicyDocument/Statement/Action",
    ]
    assert drifts["Parameter"]["StackResourceDriftStatus"] == "DELETED"

    cloudformation = stacks.cloudformation
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(name, body(bucket_name))
    cloudformation.create_change_set(
        StackName=name,
        ChangeSetName="revert",
        TemplateBody=body(bucket_name),
        DeploymentMode="REVERT_DRIFT",
        Capabilities=["CAPABILITY_IAM"],
    )
    shown = cloudformation.describe_change_set(StackName=name, ChangeSetName="revert")
    changes = {
        c["ResourceChange"]["LogicalResourceId"]: c["ResourceChange"] for c in shown["Changes"]
    }
    assert {n: (c["Action"], c["ResourceDriftStatus"]) for n, c in changes.items()} == {
        "Bucket": ("Modify", "MODIFIED"),
        "Policy": ("Modify", "MODIFIED"),
        "Role": ("Modify", "MODIFIED"),
        "Parameter": ("Add", "DELETED"),
    }
    cloudformation.execute_change_set(StackName=name, ChangeSetName="revert")
    assert stacks.settled(name)["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(name)
    assert found(stacks, name) == {}
    assert s3.get_bucket_versioning(Bucket=bucket_name)["Status"] == "Enabled"
    stacks.delete(name)


def test_a_change_set_that_finds_no_drift_has_nothing_to_do(stacks, unique):
    name, bucket_name = unique("s"), unique("bucket")
    stacks.create(name, body(bucket_name))
    stacks.cloudformation.create_change_set(
        StackName=name,
        ChangeSetName="revert",
        UsePreviousTemplate=True,
        DeploymentMode="REVERT_DRIFT",
        Capabilities=["CAPABILITY_IAM"],
    )
    shown = stacks.cloudformation.describe_change_set(StackName=name, ChangeSetName="revert")
    assert shown["Status"] == "FAILED"
    assert "didn't contain changes" in shown["StatusReason"]
    stacks.delete(name)
