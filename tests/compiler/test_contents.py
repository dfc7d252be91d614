"""What the stacks hold: roles, keys, buckets and networks as the design promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from landrail.compiler import compile_platform
from landrail.resources import Stack, Wanted

Made = tuple[Stack, str, dict[str, Any]]


def of_type(wanted: Wanted, type_: str) -> Iterator[Made]:
    for stack in wanted.of_kind(Stack):
        for logical, made in stack.template["Resources"].items():
            if made["Type"] == type_:
                yield stack, logical, made


def roles(wanted: Wanted) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (stack.account, made["Properties"]["RoleName"]): made["Properties"]
        for stack, _, made in of_type(wanted, "AWS::IAM::Role")
    }


def principals(role: dict[str, Any]) -> list[Any]:
    return [s["Principal"] for s in role["AssumeRolePolicyDocument"]["Statement"]]


def test_the_roles_of_the_access_matrix_are_there(two: Wanted) -> None:
    there = roles(two)
    for account, names in {
        "management": ["operator", "platform", "break-glass", "security", "auditor"],
        "log-archive": ["platform", "break-glass", "administrator", "auditor"],
        "shared-prod": ["build-retail", "pipeline-retail-uat", "pipeline-retail-production"],
        "data-prod": ["data-engineer-team-retail"],
        "retail-data-science": ["data-scientist-team-retail", "job"],
        "retail-uat": ["release", "job", "model", "mlops-team-retail"],
        "risk-production": ["release", "model", "mlops-team-risk"],
    }.items():
        for name in names:
            assert (account, name) in there
    assert ("retail-production", "data-scientist-team-retail") not in there
    assert ("risk-production", "job") not in there
    assert ("management", "administrator") not in there


def test_each_machine_power_is_trusted_by_exactly_one_role(two: Wanted) -> None:
    there = roles(two)
    operator = "arn:aws:iam::@{account:management}:role/landrail/operator"
    for (account, name), role in there.items():
        if name == "platform":
            assert principals(role) == [{"AWS": operator}]
        if name == "release":
            lob, _, stage = account.partition("-")
            expected = f"arn:aws:iam::@{{account:shared-prod}}:role/landrail/pipeline-{lob}-{stage}"
            assert principals(role) == [{"AWS": expected}]


def test_no_role_trusts_an_account_or_everybody(two: Wanted) -> None:
    for role in roles(two).values():
        for principal in principals(role):
            text = json.dumps(principal)
            assert ":root" not in text
            assert '"*"' not in text


def test_only_the_administrator_has_a_full_access_policy(two: Wanted) -> None:
    for (_, name), role in roles(two).items():
        broad = [a for a in role.get("ManagedPolicyArns", ()) if "Full" in str(a)]
        assert not broad
        admin = [a for a in role.get("ManagedPolicyArns", ()) if "Administrator" in str(a)]
        assert bool(admin) == (name == "administrator")


def test_break_glass_asks_for_a_second_factor_and_lasts_an_hour(two: Wanted) -> None:
    found = [role for (_, name), role in roles(two).items() if name == "break-glass"]
    assert found
    for role in found:
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        issuer = "identity.landrail.local"
        assert statement["Condition"]["ForAnyValue:StringEquals"] == {f"{issuer}:amr": "mfa"}
        assert statement["Condition"]["StringEquals"][f"{issuer}:sub"] == "bea"
        assert role["MaxSessionDuration"] == 3600


def test_each_scientist_has_an_execution_role_and_a_profile(two: Wanted) -> None:
    there = roles(two)
    profiles = {
        made["Properties"]["Tags"][0]["Value"]: made["Properties"]["UserSettings"]["ExecutionRole"]
        for _, _, made in of_type(two, "AWS::SageMaker::UserProfile")
    }
    for person in ("ana.retail", "ben.retail", "cleo.risk"):
        lob = person.partition(".")[2]
        assert (f"{lob}-data-science", f"studio-{person}") in there
        assert profiles[person].endswith(f":role/landrail/studio-{person}")


def test_every_bucket_is_encrypted_versioned_private_and_kept(two: Wanted) -> None:
    found = list(of_type(two, "AWS::S3::Bucket"))
    assert found
    for stack, _, made in found:
        properties = made["Properties"]
        rule = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
        assert all(properties["PublicAccessBlockConfiguration"].values())
        assert len(properties["PublicAccessBlockConfiguration"]) == 4
        assert made["DeletionPolicy"] == made["UpdateReplacePolicy"] == "Retain"
        assert stack.protected


def test_every_key_rotates_and_names_no_account(two: Wanted) -> None:
    found = list(of_type(two, "AWS::KMS::Key"))
    assert found
    for _, _, made in found:
        assert made["Properties"]["EnableKeyRotation"] is True
        assert ":root" not in json.dumps(made["Properties"]["KeyPolicy"])
        assert made["DeletionPolicy"] == "Retain"


def test_a_grant_ends_with_its_day(two: Wanted) -> None:
    (stack,) = (
        s
        for s in two.of_kind(Stack)
        if s.account == "data-prod" and s.name == "landrail-dataset-common"
    )
    resources = stack.template["Resources"]
    documents = (
        resources["BucketPolicy"]["Properties"]["PolicyDocument"],
        resources["Key"]["Properties"]["KeyPolicy"],
    )
    for document in documents:
        (granted,) = (s for s in document["Statement"] if s.get("Sid") == "Granted")
        assert granted["Condition"]["DateLessThan"] == {"aws:CurrentTime": "2027-07-01T00:00:00Z"}
        assert granted["Condition"]["StringEquals"]["aws:PrincipalOrgID"] == "@{organization}"
        named = granted["Condition"].get("ArnEquals", {}).get("aws:PrincipalArn")
        assert all("/landrail/" in arn for arn in named or granted["Principal"]["AWS"])


def test_only_production_data_is_shared(two: Wanted) -> None:
    for stack in two.of_kind(Stack):
        if stack.name == "landrail-dataset-common" and stack.account != "data-prod":
            assert "Granted" not in json.dumps(stack.template)


def test_networks_have_no_way_out(two: Wanted) -> None:
    types = {made["Type"] for s in two.of_kind(Stack) for made in s.template["Resources"].values()}
    assert not types & {"AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::Route"}
    for _, _, made in of_type(two, "AWS::EC2::VPCEndpoint"):
        assert "@{organization}" in json.dumps(made["Properties"]["PolicyDocument"])


def test_a_model_travels_by_two_pipelines(two: Wanted) -> None:
    found = {
        made["Properties"]["Name"]: made["Properties"]
        for _, _, made in of_type(two, "AWS::CodePipeline::Pipeline")
    }
    stages = [stage["Name"] for stage in found["model-retail"]["Stages"]]
    assert stages == ["Source", "Build", "Train", "Staging"]
    stages = [stage["Name"] for stage in found["model-retail-release"]["Stages"]]
    assert stages == ["Source", "Approval", "Production", "Batch"]
    assert found["model-retail"]["RoleArn"].endswith(":role/landrail/pipeline-retail-uat")
    release = found["model-retail-release"]["RoleArn"]
    assert release.endswith(":role/landrail/pipeline-retail-production")


def test_a_model_that_serves_no_batch_has_no_batch_stage(build) -> None:
    model = {"team": "team-retail", "serve": ["online"]}
    wanted = compile_platform(build(["retail"], models={"m": model}))
    projects = {m["Properties"]["Name"] for _, _, m in of_type(wanted, "AWS::CodeBuild::Project")}
    assert projects == {
        f"m-{step}" for step in ("build", "train", "test", "approve", "confirm", "reject")
    }
