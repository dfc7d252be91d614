"""A released model that scores files: its project's image, its stack, and the step that scores."""

from __future__ import annotations

import io
import json
import tarfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
from sagemaker_studio import Studio, make_studio

import landrail
from landrail.aws.registry import Registry
from landrail.images import SITE_FOLDER, File, below, build, host_base, read_folder
from landrail.operations.model.serving import template

PROJECT = b"""
import json, sys, time
from landrail.serving import serve

def load(folder):
    return json.loads((folder / "model.json").read_text())

def predict(model, rows):
    if (rows["b"] == 77).any():
        time.sleep(3)
    return rows["a"] * model["factor"] + rows["b"]

{"serve": lambda: serve(load, predict)}[sys.argv[1]]()
"""
SCHEMA = {"columns": [{"name": "a", "type": "number"}, {"name": "b", "type": "integer"}]}
ENTRYPOINT = ["python", "/opt/program/main.py"]


@dataclass
class Site:
    """An account in which a model is released."""

    studio: Studio
    image: str
    key: str
    release: str
    network: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)

    def put_table(self, key: str, table: pyarrow.Table, group: int) -> None:
        """Put a file of Parquet with row groups of this many rows."""
        body = io.BytesIO()
        pyarrow.parquet.write_table(table, body, row_group_size=group)
        self.studio.put(key, body.getvalue())

    def model_data(self, factor: float) -> str:
        """Put the archive of a model."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            for name, document in (("model.json", {"factor": factor}), ("schema.json", SCHEMA)):
                data = json.dumps(document).encode()
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
        return self.studio.put(f"models/{uuid.uuid4().hex}/model.tar.gz", out.getvalue())

    def release_model(self, name: str, factor: float, **batch: Any) -> None:
        """Make, or change, the stack of a model, as the release pipeline does."""
        data = self.model_data(factor)
        said = {
            "image": self.image,
            "model_data": data,
            "commit": "0" * 40,
            "data": "rows@1",
            "entrypoint": ENTRYPOINT,
            "instance_type": "ml.m5.large",
            "serving": batch.pop("serving", True),
            "batch": batch,
        }
        values = {
            "Image": self.image,
            "ModelData": data,
            "ByVersion": "false",
            "ModelPackage": f"arn:aws:sagemaker:eu-west-1:111122223333:model-package/{name}/1",
            "ExecutionRole": self.studio.role,
            "Released": json.dumps(said),
            **self.network,
        }
        stacks = self.studio.client("cloudformation")
        made = template(online=False, scores=True)
        request = {
            "StackName": f"model-{name}",
            "TemplateBody": json.dumps(made),
            "Parameters": [
                {"ParameterKey": k, "ParameterValue": values[k]} for k in made["Parameters"]
            ],
        }
        there = [one["StackName"] for one in stacks.describe_stacks()["Stacks"]]
        act, done = ("create_stack", "stack_create_complete")
        if request["StackName"] in there:
            act, done = ("update_stack", "stack_update_complete")
        getattr(stacks, act)(**request)
        stacks.get_waiter(done).wait(
            StackName=request["StackName"], WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )

    def settings(self, model: str, execution: str, **more: str) -> dict[str, str]:
        """Return the environment of the build that scores."""
        uri = f"s3://{self.studio.bucket}/lake/{model}/"
        return {
            "LANDRAIL_MODEL": model,
            "LANDRAIL_ENDPOINT": model,
            "LANDRAIL_SERVE": "batch",
            "LANDRAIL_RELEASE_ROLE": self.release,
            "LANDRAIL_MODEL_ROLE": self.studio.role,
            "LANDRAIL_STAGE_BUCKET": self.studio.bucket,
            "LANDRAIL_STAGE_KEY": self.key,
            "LANDRAIL_DATASETS": json.dumps({"rows": {"uri": uri, "key": self.key}}),
            "LANDRAIL_SUBNETS_PARAMETER": "/landrail/network/subnets",
            "LANDRAIL_SECURITY_GROUP_PARAMETER": "/landrail/network/security-group",
            "LANDRAIL_EXECUTION": execution,
            "CODEBUILD_BUILD_ID": f"batch:{uuid.uuid4().hex}",
            **more,
        }

    def manifest(self, model: str, run: str) -> dict[str, Any]:
        """Read a run's manifest."""
        place = f"s3://{self.studio.bucket}/batch/{model}/{run}"
        return {**json.loads(self.studio.get(f"{place}/manifest.json")), "place": place}

    def scores(self, manifest: dict[str, Any]) -> list[dict[str, Any]]:
        """Read all parts of a run in their order."""
        parts = [
            self.studio.get(f"{manifest['place']}/{one['part']}") for one in manifest["outputs"]
        ]
        tables = [pyarrow.parquet.read_table(io.BytesIO(part)) for part in parts]
        return list(pyarrow.concat_tables(tables).to_pylist())


def make_site(cloud: Any, account: str) -> Site:
    studio = make_studio(cloud, account)
    package = Path(landrail.__file__).parent
    files = {
        "main.py": File(PROJECT),
        f"{SITE_FOLDER}/landrail/__init__.py": File((package / "__init__.py").read_bytes()),
        **below(f"{SITE_FOLDER}/landrail/serving", read_folder(package / "serving")),
    }
    host = studio.image.split("/")[0]
    image = build(host_base(), files, [], ENTRYPOINT, {})
    pushed = Registry(studio.client("ecr"), host).push(image, studio.repository, tag="scores")
    key = studio.client("kms").create_key()["KeyMetadata"]["Arn"]
    trust = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    release = cloud.role(
        account,
        f"release-{uuid.uuid4().hex[:8]}",
        {"Version": "2012-10-17", "Statement": [everything]},
        {"Version": "2012-10-17", "Statement": [statement]},
    )
    return Site(studio, pushed, key, release, _network(studio))


def _network(studio: Studio) -> dict[str, str]:
    """A VPC that reaches S3, named where the steps look for it."""
    ec2 = studio.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.31.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.31.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="scoring", Description="jobs", VpcId=vpc)["GroupId"]
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.eu-west-1.s3",
        RouteTableIds=[tables["RouteTables"][0]["RouteTableId"]],
    )
    ssm = studio.client("ssm")
    for name, value in (("subnets", subnet), ("security-group", group)):
        ssm.put_parameter(Name=f"/landrail/network/{name}", Value=value, Type="String")
    return {"Subnets": subnet, "SecurityGroups": group}
