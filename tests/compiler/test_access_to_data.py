"""Who reads and writes which data and which keys, decided by the policy engine on the compiled
documents: the lake, the buckets of stages, the artifacts, the registry.

Each denial stands beside its twin: the entitled role does the same, or the same role does it to
what is its own.
"""

from __future__ import annotations

from typing import Any

from compiled_world import World

PRODUCTION, UAT, SCIENCE = "retail-production", "retail-uat", "retail-data-science"
SCIENTIST = "data-scientist-team-retail"
SHARED, LAKE = "shared-prod", "data-prod"


def test_granted_data_is_read_by_the_roles_named_and_nobody_else(world: World) -> None:
    policy = world.bucket_policy(LAKE, "landrail-dataset-only-retail")
    data = f"arn:aws:s3:::acme-ml-lake-only-retail-@{{account:{LAKE}}}/only-retail/v=1/x"

    def read(account: str, who: str) -> bool:
        return world.decide(
            account, who, "s3:GetObject", data, owner=LAKE, resource_policy=policy
        ).allowed

    assert read(UAT, "job")
    assert read(SCIENCE, "data-scientist-team-retail")
    assert read(SCIENCE, "studio-ana.retail")
    assert read(PRODUCTION, "model")
    assert not read("risk-uat", "job")
    assert not read("risk-data-science", "studio-ana.risk")
    assert not read(UAT, "administrator")
    assert not read(UAT, "data-scientist-team-retail")


def test_a_grant_ends(world: World) -> None:
    policy = world.bucket_policy(LAKE, "landrail-dataset-common")
    data = f"arn:aws:s3:::acme-ml-lake-common-@{{account:{LAKE}}}/common/x"
    call = {"owner": LAKE, "resource_policy": policy}
    assert world.decide(UAT, "job", "s3:GetObject", data, **call).allowed
    late = {"aws__CurrentTime": "2027-07-01T00:00:01Z"}
    assert not world.decide(UAT, "job", "s3:GetObject", data, **call, **late).allowed


def test_keys_open_to_their_users_alone(world: World) -> None:
    policy = world.key_policy(LAKE, "landrail-dataset-only-retail")
    key = f"arn:aws:kms:eu-west-1:@{{account:{LAKE}}}:key/1234"
    call: dict[str, Any] = {
        "owner": LAKE,
        "resource_policy": policy,
        "kms__ViaService": "s3.eu-west-1.amazonaws.com",
        "kms__ResourceAliases": ("alias/landrail/dataset-only-retail",),
    }
    assert world.decide(UAT, "job", "kms:Decrypt", key, **call).allowed
    assert not world.decide("risk-uat", "job", "kms:Decrypt", key, **call).allowed
    assert not world.decide(LAKE, "administrator", "kms:Decrypt", key, **call).allowed
    assert not world.decide(LAKE, "platform", "kms:Decrypt", key, **call).allowed
    direct = {k: v for k, v in call.items() if k != "kms__ViaService"}
    assert not world.decide(UAT, "job", "kms:Decrypt", key, **direct).allowed


def test_an_administrator_cannot_write_where_jobs_write(world: World) -> None:
    policy = world.bucket_policy(PRODUCTION, "landrail-stage")
    out = f"arn:aws:s3:::acme-ml-stage-@{{account:{PRODUCTION}}}/batch/x"
    call = {"resource_policy": policy}
    for action in ("s3:PutObject", "s3:DeleteObject"):
        assert not world.decide(PRODUCTION, "administrator", action, out, **call).allowed
    assert world.decide(PRODUCTION, "model", "s3:PutObject", out, **call).allowed


def test_a_build_cannot_forge_what_was_measured(world: World) -> None:
    policy = world.bucket_policy(SHARED, "landrail-artifacts-retail")
    bucket = f"arn:aws:s3:::acme-ml-artifacts-retail-@{{account:{SHARED}}}"

    def may(account: str, name: str, key: str) -> bool:
        call = {"owner": SHARED, "resource_policy": policy}
        return world.decide(account, name, "s3:PutObject", f"{bucket}/{key}", **call).allowed

    build, uat, production = "build-retail", "pipeline-retail-uat", "pipeline-retail-production"
    assert may(SHARED, build, "model-retail/Built/1")
    assert may(SHARED, build, "builds/model-retail.zip")
    for later in ("model-retail/Trained/1", "model-retail-release/Approved/1", "other"):
        assert not may(SHARED, build, later)
    assert may(SHARED, uat, "model-retail/Trained/1")
    assert may(SHARED, production, "model-retail-release/Approved/1")
    for name in (build, production):
        assert not may(SHARED, name, "candidates/model-retail.zip")
    assert may(SHARED, uat, "candidates/model-retail.zip")
    for name in (build, uat, production):
        assert not may(SHARED, name, "models/model-retail/1/model.tar.gz")
    assert may(UAT, "release", "models/model-retail/1/model.tar.gz")
    assert not may(PRODUCTION, "release", "models/model-retail/1/model.tar.gz")


def test_a_teams_objects_are_its_own(world: World) -> None:
    policy = world.bucket_policy(SCIENCE, "landrail-workspace")
    bucket = f"arn:aws:s3:::acme-ml-workspace-@{{account:{SCIENCE}}}"

    def may(key: str) -> bool:
        call = {"resource_policy": policy}
        return world.decide(SCIENCE, SCIENTIST, "s3:GetObject", f"{bucket}/{key}", **call).allowed

    assert may("team-retail/x")
    assert not may("team-other/x")


def test_the_release_role_of_uat_alone_registers_and_reads(world: World) -> None:
    version = f"arn:aws:sagemaker:eu-west-1:@{{account:{SHARED}}}:model-package/model-retail/1"
    policy = world.document_on(
        SHARED,
        "AWS::SageMaker::ModelPackageGroup",
        "ModelPackageGroupPolicy",
        ModelPackageGroupName="model-retail",
    )
    call = {"owner": SHARED, "resource_policy": policy}

    def may(account: str, action: str) -> bool:
        return world.decide(account, "release", f"sagemaker:{action}", version, **call).allowed

    for action in ("CreateModelPackage", "DescribeModelPackage"):
        assert may(UAT, action)
        assert not may(PRODUCTION, action)
        assert not may("risk-uat", action)
