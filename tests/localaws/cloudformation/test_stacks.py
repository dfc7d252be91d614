"""Stacks through real boto3 clients: made, changed, rolled back, deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError


def trust(service: str) -> dict[str, Any]:
    principal = {"Service": service}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def role(service: str = "sagemaker.amazonaws.com", **more: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": trust(service), **more},
    }


def bucket(name: str | None = None, **more: Any) -> dict[str, Any]:
    properties = {"VersioningConfiguration": {"Status": "Enabled"}, **more}
    if name:
        properties["BucketName"] = name
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def parameter(value: Any, **more: Any) -> dict[str, Any]:
    properties = {"Type": "String", "Value": value, **more}
    return {"Type": "AWS::SSM::Parameter", "Properties": properties}


def template(**resources: Any) -> str:
    return json.dumps({"Resources": resources})


def physical(stacks, name: str, logical: str) -> str:
    answer = stacks.cloudformation.describe_stack_resource(
        StackName=name, LogicalResourceId=logical
    )
    return str(answer["StackResourceDetail"]["PhysicalResourceId"])


def test_a_stack_makes_its_resources_in_order_and_deletes_them(stacks, unique):
    name = unique("bucket")
    read = {
        "PolicyName": "read",
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "s3:GetObject",
                    "Resource": {"Fn::Sub": "${Bucket.Arn}/*"},
                }
            ],
        },
    }
    body = {
        "Resources": {"Role": role(Policies=[read]), "Bucket": bucket(name)},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    stack = stacks.create(unique("s"), json.dumps(body))
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    arn = stack["Outputs"][0]["OutputValue"]
    found = stacks.client("iam").get_role(RoleName=arn.rsplit("/", 1)[1])["Role"]
    assert found["Arn"] == arn
    s3 = stacks.client("s3")
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    stacks.delete(stack["StackName"])
    with pytest.raises(ClientError, match="404"):
        s3.head_bucket(Bucket=name)
    gone = stacks.cloudformation.describe_stacks(StackName=stack["StackId"])["Stacks"][0]
    assert gone["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="does not exist"):
        stacks.cloudformation.describe_stacks(StackName=stack["StackName"])


@pytest.mark.parametrize(
    ("resource", "named"),
    [
        ({"Type": "AWS::Lambda::Function", "Properties": {}}, "AWS::Lambda::Function"),
        (bucket(WebsiteConfiguration={"IndexDocument": "i"}), "WebsiteConfiguration"),
        (bucket(PublicAccessBlockConfiguration={"BlockEverything": True}), "BlockEverything"),
        (parameter({"Fn::ToJsonString": {"a": 1}}), "Fn::ToJsonString"),
        (parameter({"Fn::GetAtt": ["Twin", "Colour"]}), "Colour"),
        (parameter({"Ref": "Nobody"}), "Nobody"),
        ({**parameter("x"), "CreationPolicy": {}}, "CreationPolicy"),
    ],
)
def test_what_is_not_supported_is_refused_by_name_and_leaves_nothing(
    stacks, unique, resource, named
):
    name, twin = unique("s"), unique("twin")
    with pytest.raises(ClientError, match=named) as refused:
        stacks.create(name, template(Twin=parameter("x", Name=twin), Odd=resource))
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    with pytest.raises(ClientError, match="does not exist"):
        stacks.cloudformation.describe_stacks(StackName=name)
    with pytest.raises(ClientError, match="ParameterNotFound"):
        stacks.client("ssm").get_parameter(Name=twin)


def test_a_creation_that_fails_is_rolled_back(stacks, unique):
    name, first = unique("s"), unique("p")
    body = template(
        First=parameter("x", Name=first),
        Second={**parameter("not-a-type", Type="Banana"), "DependsOn": "First"},
    )
    stack = stacks.create(name, body)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "Second" in stacks.failures(name)[0] or "Second" in stacks.failures(name)[1]
    with pytest.raises(ClientError, match="ParameterNotFound"):
        stacks.client("ssm").get_parameter(Name=first)
    with pytest.raises(ClientError, match="ROLLBACK_COMPLETE state and can not be updated"):
        stacks.update(name, template(First=parameter("x")))
    assert stacks.delete(name)["StackStatus"] == "DELETE_COMPLETE"


def test_an_update_changes_in_place_replaces_adds_and_removes(stacks, unique):
    name = unique("s")
    stacks.create(
        name,
        template(
            Kept=parameter("one"),
            Moved=parameter("x", Name=unique("p")),
            Gone=parameter("x"),
            User=parameter({"Ref": "Moved"}),
        ),
    )
    kept, moved, gone = (physical(stacks, name, n) for n in ("Kept", "Moved", "Gone"))
    new_name = unique("p")
    updated = template(
        Kept=parameter("two"),
        Moved=parameter("x", Name=new_name),
        Added=parameter("y"),
        User=parameter({"Ref": "Moved"}),
    )
    assert stacks.update(name, updated)["StackStatus"] == "UPDATE_COMPLETE"
    ssm = stacks.client("ssm")
    assert physical(stacks, name, "Kept") == kept
    assert ssm.get_parameter(Name=kept)["Parameter"]["Value"] == "two"
    assert physical(stacks, name, "Moved") == new_name
    user = physical(stacks, name, "User")
    assert ssm.get_parameter(Name=user)["Parameter"]["Value"] == new_name
    for old in (moved, gone):
        with pytest.raises(ClientError, match="ParameterNotFound"):
            ssm.get_parameter(Name=old)
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(name, updated)
    stacks.delete(name)


def test_an_update_that_fails_gives_back_what_was(stacks, unique):
    name = unique("s")
    stacks.create(
        name,
        template(Role=role(), Moved=parameter("x", Name=(old := unique("p"))), P=parameter("one")),
    )
    role_name, kept = (physical(stacks, name, n) for n in ("Role", "P"))
    bad = template(
        Role=role("ec2.amazonaws.com", Description="new"),
        Moved=parameter("x", Name=(new := unique("p"))),
        P=parameter("two"),
        Bad={**parameter("x", Type="Banana"), "DependsOn": ["Role", "Moved", "P"]},
    )
    stack = stacks.update(name, bad)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    found = stacks.client("iam").get_role(RoleName=role_name)["Role"]
    assert found["AssumeRolePolicyDocument"] == trust("sagemaker.amazonaws.com")
    assert not found.get("Description")
    ssm = stacks.client("ssm")
    assert ssm.get_parameter(Name=kept)["Parameter"]["Value"] == "one"
    assert physical(stacks, name, "Moved") == old
    assert ssm.get_parameter(Name=old)["Parameter"]["Value"] == "x"
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name=new)
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(
            name, template(Role=role(), Moved=parameter("x", Name=old), P=parameter("one"))
        )
    stacks.delete(name)


def test_what_is_retained_stays_and_the_deletion_says_so(stacks, unique):
    name, kept = unique("s"), unique("bucket")
    stacks.create(name, template(Bucket={**bucket(kept), "DeletionPolicy": "Retain"}))
    stacks.delete(name)
    stacks.client("s3").head_bucket(Bucket=kept)
    stacks.client("s3").delete_bucket(Bucket=kept)


def test_a_deletion_that_fails_says_which_and_can_go_on(stacks, unique):
    name, full = unique("s"), unique("bucket")
    stacks.create(
        name, template(Bucket=bucket(full, VersioningConfiguration={"Status": "Suspended"}))
    )
    s3 = stacks.client("s3")
    s3.put_object(Bucket=full, Key="x", Body=b"1")
    failed = stacks.delete(name)
    assert failed["StackStatus"] == "DELETE_FAILED"
    assert "[Bucket]" in failed["StackStatusReason"]
    s3.delete_object(Bucket=full, Key="x")
    assert stacks.delete(name, RetainResources=["Bucket"])["StackStatus"] == "DELETE_COMPLETE"
    s3.head_bucket(Bucket=full)


def test_a_protected_stack_is_not_deleted(stacks, unique):
    name = unique("s")
    stacks.create(name, template(P=parameter("x")), EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        stacks.delete(name)
    stacks.cloudformation.update_termination_protection(
        StackName=name, EnableTerminationProtection=False
    )
    assert stacks.delete(name)["StackStatus"] == "DELETE_COMPLETE"


def test_iam_needs_the_acknowledgement(stacks, unique):
    name = unique("s")
    with pytest.raises(ClientError, match="CAPABILITY_IAM"):
        stacks.create(name, template(R=role()), Capabilities=[])
    with pytest.raises(ClientError, match="CAPABILITY_NAMED_IAM"):
        stacks.create(name, template(R=role(RoleName=name)), Capabilities=["CAPABILITY_IAM"])


def test_a_name_is_taken_once_and_a_token_begins_once(stacks, unique):
    name = unique("s")
    body = template(P=parameter("x"))
    stack = stacks.create(name, body, ClientRequestToken="t-1")
    again = stacks.cloudformation.create_stack(
        StackName=name, TemplateBody=body, ClientRequestToken="t-1"
    )
    assert again["StackId"] == stack["StackId"]
    with pytest.raises(ClientError, match="AlreadyExists"):
        stacks.create(name, body)
    stacks.delete(name)


def test_a_circle_is_named(stacks, unique):
    body = template(A=parameter({"Ref": "B"}), B=parameter({"Ref": "A"}))
    with pytest.raises(ClientError, match=r"Circular dependency between resources: \[A, B\]"):
        stacks.create(unique("s"), body)


def test_an_export_in_use_stays(stacks, unique):
    export = unique("export")
    giver, taker = unique("giver"), unique("taker")
    exported = {"Out": {"Value": {"Ref": "P"}, "Export": {"Name": export}}}
    stacks.create(giver, json.dumps({"Resources": {"P": parameter("x")}, "Outputs": exported}))
    stacks.create(taker, template(Q=parameter({"Fn::ImportValue": export})))
    imports = stacks.cloudformation.list_imports(ExportName=export)["Imports"]
    assert imports == [taker]
    assert stacks.delete(giver)["StackStatus"] == "DELETE_FAILED"
    stacks.delete(taker)
    assert stacks.delete(giver)["StackStatus"] == "DELETE_COMPLETE"


def test_yaml_parameters_conditions_mappings_and_dynamic_references(stacks, unique):
    name, source = unique("s"), unique("source")
    stacks.client("ssm").put_parameter(Name=source, Type="String", Value="stored")
    body = f"""
Parameters:
  Stage: {{Type: String, AllowedValues: [uat, production]}}
  Secret: {{Type: String, NoEcho: true, Default: hush}}
  Stored: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: {source}}}
Mappings:
  Sizes: {{uat: {{size: small}}, production: {{size: large}}}}
Conditions:
  Real: !Equals [!Ref Stage, production]
Resources:
  P:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value: !Join ['-', [!FindInMap [Sizes, !Ref Stage, size], !Ref Stored,
        '{{{{resolve:ssm:{source}}}}}', !If [Real, big, !Ref 'AWS::Region']]]
  Only:
    Type: AWS::SSM::Parameter
    Condition: Real
    Properties: {{Type: String, Value: !Sub '${{AWS::StackName}}-${{!literal}}'}}
Outputs:
  Value: {{Value: !GetAtt P.Value}}
"""
    chosen = [{"ParameterKey": "Stage", "ParameterValue": "uat"}]
    stack = stacks.create(name, body, Parameters=chosen)
    assert stack["Outputs"][0]["OutputValue"] == "small-stored-stored-eu-west-1"
    shown = {p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]}
    assert shown == {"Stage": "uat", "Secret": "****", "Stored": source}
    chosen = [
        {"ParameterKey": "Stage", "ParameterValue": "production"},
        {"ParameterKey": "Secret", "UsePreviousValue": True},
    ]
    stack = stacks.update(name, body, Parameters=chosen)
    assert stack["Outputs"][0]["OutputValue"] == "large-stored-stored-big"
    only = physical(stacks, name, "Only")
    value = stacks.client("ssm").get_parameter(Name=only)["Parameter"]["Value"]
    assert value == name + "-${literal}"
    with pytest.raises(ClientError, match="AllowedValues"):
        stacks.update(name, body, Parameters=[{"ParameterKey": "Stage", "ParameterValue": "moon"}])
    stacks.delete(name)


def test_the_stacks_tags_go_to_its_resources(stacks, unique):
    name, bucket_name = unique("s"), unique("bucket")
    tags = [{"Key": "owner", "Value": "one"}]
    body = template(Bucket=bucket(bucket_name), P=parameter("x", Tags={"owner": "own"}))
    stacks.create(name, body, Tags=tags)
    s3 = stacks.client("s3")
    assert s3.get_bucket_tagging(Bucket=bucket_name)["TagSet"] == tags
    fresh = [{"Key": "owner", "Value": "two"}]
    assert stacks.update(name, body, Tags=fresh)["StackStatus"] == "UPDATE_COMPLETE"
    assert s3.get_bucket_tagging(Bucket=bucket_name)["TagSet"] == fresh
    parameter_name = physical(stacks, name, "P")
    listed = stacks.client("ssm").list_tags_for_resource(
        ResourceType="Parameter", ResourceId=parameter_name
    )["TagList"]
    assert listed == [{"Key": "owner", "Value": "own"}]
    stacks.delete(name)


def test_a_failed_rollback_can_be_continued(stacks, unique):
    name, bucket_name = unique("s"), unique("bucket")
    stacks.create(name, template(Bucket=bucket(bucket_name), P=parameter("one")))
    lost = physical(stacks, name, "P")
    # Someone takes the bucket away: neither the update nor its rollback can find it.
    stacks.client("s3").delete_bucket(Bucket=bucket_name)
    suspended = bucket(bucket_name, VersioningConfiguration={"Status": "Suspended"})
    stack = stacks.update(
        name, template(Bucket={**suspended, "DependsOn": "P"}, P=parameter("two"))
    )
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_FAILED", stacks.failures(name)
    assert "[Bucket]" in stack["StackStatusReason"]
    stacks.cloudformation.continue_update_rollback(StackName=name, ResourcesToSkip=["Bucket"])
    assert stacks.settled(name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.client("ssm").get_parameter(Name=lost)["Parameter"]["Value"] == "one"
    assert stacks.delete(name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_model_whose_image_nobody_pushed_fails_with_its_reason(stacks, unique):
    name = unique("s")
    image = f"{stacks.account}.dkr.ecr.eu-west-1.amazonaws.com/none@sha256:" + "0" * 64
    model = {
        "Type": "AWS::SageMaker::Model",
        "Properties": {
            "ExecutionRoleArn": {"Fn::GetAtt": "Role.Arn"},
            "PrimaryContainer": {"Image": image},
        },
    }
    stack = stacks.create(name, template(Role=role(), Model=model))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any(text.startswith("Model: ") for text in stacks.failures(name))
    stacks.delete(name)
