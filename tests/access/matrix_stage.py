"""What the acts of the matrix are about, made once for each account of it."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import time

from botocore.exceptions import ClientError

from landrail.aws.sessions import Identity

from .conftest import REGION, Platform
from .matrix_data import Table
from .matrix_run import Stage, facts_of

_OBJECTS = {
    "shared-services": "build-passengers",
    "data-management": "data-engineer-punctuality",
    "data-science": "data-scientist-punctuality",
    "development": "job",
    "uat": "job",
    "production": "model",
}


def staged(platform: Platform, tables: dict[str, Table]) -> Stage:
    """Make what is needed in every account of the tables."""
    stage = Stage(platform)
    for table in tables.values():
        keeper = stage.identity(table.account, "break-glass")
        own_things(stage, keeper, platform.ids[table.account])
        if table.kind in _OBJECTS:
            writer = stage.identity(table.account, _OBJECTS[table.kind])
            facts = facts_of(stage, table)
            key = f"{facts['folder']}matrix"
            stage.do(writer, "s3:PutObject", Bucket=facts["bucket"], Key=key, Body=b"x")
    _data(stage)
    _records(stage)
    _code(stage)
    _image(stage)
    for kind in ("data-science", "development", "uat", "production"):
        if kind in tables:
            _model(stage, tables[kind])
    return stage


def own_things(stage: Stage, keeper: Identity, account: str) -> None:
    """A bucket, a key, a secret and a trail of the account's own."""
    bucket = f"matrix-{account}"
    stage.do(
        keeper,
        "s3:CreateBucket",
        Bucket=bucket,
        CreateBucketConfiguration={"LocationConstraint": REGION},
    )
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["s3:GetBucketAcl", "s3:PutObject"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    stage.do(keeper, "s3:PutBucketPolicy", Bucket=bucket, Policy=policy)
    stage.do(keeper, "cloudtrail:CreateTrail", Name="matrix", S3BucketName=bucket)
    key = stage.do(keeper, "kms:CreateKey")["KeyMetadata"]["KeyId"]
    stage.do(keeper, "kms:CreateAlias", AliasName="alias/matrix", TargetKeyId=key)
    stage.do(keeper, "secretsmanager:CreateSecret", Name="matrix", SecretString="x")


def _records(stage: Stage) -> None:
    """What the trail of the organization or a recorder delivered: nobody else writes there."""
    bucket = f"acme-air-log-archive-{stage.platform.ids['log-archive']}"
    keeper = stage.identity("log-archive", "break-glass")
    # Where Control Tower keeps the trail, the recorder of the management account delivers here.
    stage.do(
        stage.identity("management", "break-glass"),
        "config:DeliverConfigSnapshot",
        deliveryChannelName="landrail",
    )
    for _ in range(300):
        found = stage.do(keeper, "s3:ListObjectsV2", Bucket=bucket, MaxKeys=1).get("Contents")
        if found:
            stage.facts["delivered"] = found[0]["Key"]
            return
        time.sleep(0.1)
    raise AssertionError("nothing was delivered")


def _data(stage: Stage) -> None:
    engineer = stage.identity("data-prod", "data-engineer-punctuality")
    lake = stage.platform.ids["data-prod"]
    for name in ("flights", "shipments"):
        bucket = f"acme-air-lake-{name}-{lake}"
        stage.do(engineer, "s3:PutObject", Bucket=bucket, Key=f"{name}/matrix", Body=b"x")
    table = {"Name": "matrix", "TableType": "EXTERNAL_TABLE"}
    keeper = stage.identity("data-prod", "break-glass")
    with contextlib.suppress(ClientError):
        stage.do(keeper, "glue:CreateTable", DatabaseName="lake", TableInput=table)


def _code(stage: Stage) -> None:
    """A commit to make branches of: the one that there is, or the first."""
    scientist = stage.identity("shared-prod", "data-scientist-punctuality")
    listed = stage.do(scientist, "codecommit:ListBranches", repositoryName="delays")
    for branch in listed["branches"]:
        found = stage.do(
            scientist, "codecommit:GetBranch", repositoryName="delays", branchName=branch
        )
        stage.facts["commit"] = found["branch"]["commitId"]
        return
    made = stage.do(
        scientist,
        "codecommit:CreateCommit",
        repositoryName="delays",
        branchName="matrix",
        putFiles=[{"filePath": "README", "fileContent": b"x"}],
    )
    stage.facts["commit"] = made["commitId"]


def _image(stage: Stage) -> None:
    """An image of nothing: one empty layer."""
    builder = stage.identity("shared-prod", "build-passengers")
    config, layer = b'{"architecture": "amd64", "os": "linux"}', gzip.compress(b"", mtime=0)
    blobs = [(content, _pushed(stage, builder, content)) for content in (config, layer)]
    (config, config_digest), (layer, layer_digest) = blobs
    docker = "application/vnd.docker"
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{docker}.distribution.manifest.v2+json",
        "config": {
            "mediaType": f"{docker}.container.image.v1+json",
            "size": len(config),
            "digest": config_digest,
        },
        "layers": [
            {
                "mediaType": f"{docker}.image.rootfs.diff.tar.gzip",
                "size": len(layer),
                "digest": layer_digest,
            }
        ],
    }
    made = stage.do(
        builder, "ecr:PutImage", repositoryName="delays", imageManifest=json.dumps(manifest)
    )
    stage.facts["image"] = made["image"]["imageId"]["imageDigest"]


def _pushed(stage: Stage, builder: Identity, content: bytes) -> str:
    repository = {"repositoryName": "delays"}
    upload = stage.do(builder, "ecr:InitiateLayerUpload", **repository)["uploadId"]
    stage.do(
        builder,
        "ecr:UploadLayerPart",
        **repository,
        uploadId=upload,
        partFirstByte=0,
        partLastByte=len(content) - 1,
        layerPartBlob=content,
    )
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    stage.do(
        builder,
        "ecr:CompleteLayerUpload",
        **repository,
        uploadId=upload,
        layerDigests=[digest],
    )
    return digest


def _model(stage: Stage, table: Table) -> None:
    facts = facts_of(stage, table)
    image = f"{stage.platform.ids['shared-prod']}.dkr.ecr.{REGION}.amazonaws.com/delays"
    stage.do(
        stage.identity(table.account, "break-glass"),
        "sagemaker:CreateModel",
        ModelName="punctuality-kept",
        ExecutionRoleArn=f"arn:aws:iam::{facts['account']}:role/landrail/{facts['passed']}",
        PrimaryContainer={"Image": f"{image}@{stage.facts['image']}"},
    )
