"""A candidate is held to the version in production: to what was measured of it on the same data,
else to what it is measured at on the candidate's."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sagemaker_studio import ENTRYPOINT, Studio, make_studio

from landrail.aws.builds import BuildSession
from landrail.diagnostics import Mistakes
from landrail.operations.model.artifacts import Build, Candidate, write_candidate
from landrail.operations.model.champion import champion_of, live
from landrail.operations.model.confirm import check_served, check_stack, mark
from landrail.operations.model.evaluate import evaluate
from landrail.operations.model.register import model_package
from landrail.operations.model.settings import Settings
from landrail.operations.model.stage import Stage

PROGRAM = b"""
import json, os, pathlib, tarfile
base = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"]) / "processing"
with tarfile.open(base / "model/model.tar.gz") as archive:
    score = json.load(archive.extractfile("model.json"))["mean"]
factor = float((base / "data/factor").read_text())
(base / "output").mkdir(exist_ok=True)
(base / "output/metrics.json").write_text(json.dumps({"auc": score * factor, "baseline": 0.1}))
(base / "output/sample.csv").write_text("x,expected\\n1,2\\n")
"""
GATE = "auc >= baseline + 0.01 and auc >= champion.auc - 0.005"


@dataclass
class Bench:
    """An account in which a model's candidates are measured."""

    studio: Studio
    release: str
    key: str
    model: str

    @property
    def group(self) -> str:
        arn = f"arn:aws:sagemaker:eu-west-1:{self.studio.account}:model-package-group"
        return f"{arn}/{self.model}"

    @property
    def stage(self) -> Stage:
        uri = f"s3://{self.studio.bucket}/lake/{self.model}/"
        settings = Settings(
            {
                "LANDRAIL_MODEL": self.model,
                "LANDRAIL_GATE": GATE,
                "LANDRAIL_RELEASE_ROLE": self.release,
                "LANDRAIL_JOB_ROLE": self.studio.role,
                "LANDRAIL_PACKAGE_GROUP": self.group,
                "LANDRAIL_STAGE_BUCKET": self.studio.bucket,
                "LANDRAIL_STAGE_KEY": self.key,
                "LANDRAIL_DATASETS": json.dumps({"rows": {"uri": uri, "key": self.key}}),
                "LANDRAIL_SUBNETS_PARAMETER": "/champion/subnets",
                "LANDRAIL_SECURITY_GROUP_PARAMETER": "/champion/group",
                "CODEBUILD_BUILD_ID": f"m:{uuid.uuid4().hex}",
            }
        )
        return Stage(settings, BuildSession(self.studio.session))

    def candidate(self, score: float, data: str) -> Candidate:
        build = Build(
            self.model, "c" * 40, self.studio.image, "sha256:a", "m.whl", ENTRYPOINT, data, {},
            "ml.m5.large", {},
        )  # fmt: skip
        return Candidate(build, model_data=self.studio.model_data(score))

    def measured(self, score: float, data: str) -> Candidate:
        write_candidate(self.candidate(score, data))
        stage = self.stage
        return evaluate(stage.settings, stage)

    def released(self, candidate: Candidate) -> str:
        """Register a measured candidate, approve it, and mark it as what serves."""
        sagemaker = self.studio.sagemaker
        made = sagemaker.create_model_package(**model_package(self.group, candidate))
        arn = str(made["ModelPackageArn"])
        sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
        mark(sagemaker, self.group, arn, "e")
        return arn


@pytest.fixture(scope="module")
def bench(local_aws: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    account = local_aws.account("champion")
    studio = make_studio(local_aws, account, PROGRAM)
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    trusted = {"AWS": f"arn:aws:iam::{account}:root"}
    enter = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    release = local_aws.role(
        account,
        "measuring",
        {"Version": "2012-10-17", "Statement": [everything]},
        {"Version": "2012-10-17", "Statement": [enter]},
    )
    ec2 = studio.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="jobs", Description="jobs", VpcId=vpc)["GroupId"]
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.eu-west-1.s3",
        RouteTableIds=[tables["RouteTables"][0]["RouteTableId"]],
    )
    for name, value in (("subnets", subnet), ("group", group)):
        studio.client("ssm").put_parameter(Name=f"/champion/{name}", Value=value, Type="String")
    model = f"m-{uuid.uuid4().hex[:8]}"
    studio.sagemaker.create_model_package_group(ModelPackageGroupName=model)
    for version, factor in ((1, b"1.0"), (2, b"0.5")):
        studio.put(f"lake/{model}/v={version}/factor", factor)
    key = studio.client("kms").create_key()["KeyMetadata"]["Arn"]
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("champion"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", local_aws.endpoint)
        environment.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        yield Bench(studio, release, key, model)
    os.chdir(before)


def test_the_champion_is_what_serves_and_is_measured_where_its_numbers_are_of_other_data(
    bench: Bench,
) -> None:
    first = bench.measured(0.8, "rows@1")
    assert first.champion == {}, "the first model is held to the numbers alone"
    champion = bench.released(first)

    second = bench.measured(0.9, "rows@1")
    assert second.champion["package"] == champion
    assert second.champion["metrics"]["auc"] == 0.8
    assert second.champion["measured_anew"] is False
    with pytest.raises(
        Mistakes, match=r"auc >= champion.auc - 0.005: 0.7 >= 0.795, which does not"
    ):
        bench.measured(0.7, "rows@1")

    fresh = bench.measured(0.82, "rows@2")
    assert fresh.champion["metrics"]["auc"] == pytest.approx(0.4)
    assert fresh.champion["measured_anew"] is True
    with pytest.raises(Mistakes, match=r"0.35 >= 0.395"):
        bench.measured(0.7, "rows@2")

    newer = bench.released(second)
    assert live(bench.studio.sagemaker, bench.group) == [newer]
    told = bench.studio.sagemaker.describe_model_package(ModelPackageName=champion)
    assert told["ModelLifeCycle"]["StageStatus"] == "Replaced"
    found = champion_of(bench.stage.settings, bench.stage)
    assert found is not None
    assert (found.package, found.data, found.metrics["auc"]) == (newer, "rows@1", 0.9)


class Served:
    """An endpoint whose variants have these containers, as SageMaker tells it."""

    def __init__(self, *containers: dict[str, str]) -> None:
        self.containers = containers

    def describe_endpoint(self, **_: str) -> dict[str, Any]:
        return {"EndpointConfigName": "c"}

    def describe_endpoint_config(self, **_: str) -> dict[str, Any]:
        return {
            "ProductionVariants": [{"ModelName": str(n)} for n, _ in enumerate(self.containers)]
        }

    def describe_model(self, ModelName: str) -> dict[str, Any]:
        return {"PrimaryContainer": self.containers[int(ModelName)]}

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        held = [{"OutputKey": "ModelPackage", "OutputValue": c["v"]} for c in self.containers]
        return {"Stacks": [{"Outputs": held}]}


def test_a_release_ends_when_production_serves_the_version_and_nothing_else() -> None:
    build = Build("m", "c", "image@sha256:a", "sha256:a", "m", [], "d@1", {}, "ml.m5.large", {})
    candidate = Candidate(build, model_data="s3://b/m", package="arn:v/2")
    by_version, by_content = (
        {"ModelPackageName": "arn:v/2"},
        {
            "Image": "image@sha256:a",
            "ModelDataUrl": "s3://b/m",
        },
    )
    check_served(candidate, "m", Served(by_version, by_content))
    for wrong in ({"ModelPackageName": "arn:v/1"}, {**by_content, "Image": "image@sha256:b"}):
        with pytest.raises(Mistakes, match=r"`m` serves .* and not arn:v/2"):
            check_served(candidate, "m", Served(by_version, wrong))
    with pytest.raises(Mistakes, match="serves nothing"):
        check_served(candidate, "m", Served())
    check_stack(candidate, "model-m", Served({"v": "arn:v/2"}))
    with pytest.raises(Mistakes, match=r"holds arn:v/1, and not arn:v/2"):
        check_stack(candidate, "model-m", Served({"v": "arn:v/1"}))
