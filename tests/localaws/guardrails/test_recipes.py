"""What the pipelines ask SageMaker for meets the guardrails: as the release role, through the
gate, with nothing left out."""

from __future__ import annotations

from typing import Any

import pytest
from guarded import Account
from guardrail_requests import Request

from landrail.operations.model.artifacts import Build, Candidate
from landrail.operations.model.evaluate import processing_job
from landrail.operations.model.register import model_package
from landrail.operations.model.scoring import shards, whole
from landrail.operations.model.scoring.asked import ask
from landrail.operations.model.scoring.released import Released
from landrail.operations.model.serving import template
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.train import training_job

BUILD = Build(
    model="delays",
    commit="1f3a",
    digest="sha256:" + "0" * 64,
    package="delays==1.0",
    image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/delays@sha256:" + "0" * 64,
    entrypoint=["python", "-m", "delays"],
    data="flights@3",
    hyperparameters={"iterations": "25"},
    instance_type="ml.m5.large",
    batch={},
)
CANDIDATE = Candidate(
    BUILD,
    training_job="arn:aws:sagemaker:eu-west-1:111122223333:training-job/x",
    model_data="s3://b/model.tar.gz",
    evaluation="s3://b/evaluation",
    metrics={"auc": 0.9},
)


RELEASED = Released(
    model="m",
    package="arn:aws:sagemaker:eu-west-1:111122223333:model-package/delays/1",
    image=BUILD.image,
    model_data=CANDIDATE.model_data or "",
    commit=BUILD.commit,
    data=BUILD.data,
    entrypoint=list(BUILD.entrypoint),
    instance_type=BUILD.instance_type,
    serving=True,
    batch={},
)


class Stage:
    """A stage as the recipes see it."""

    def __init__(self) -> None:
        self.network = {"Subnets": ["subnet-11111111"], "SecurityGroupIds": ["sg-11111111"]}

    def job_name(self, kind: str) -> str:
        return f"delays-{kind}-1"

    def tags(self, commit: str) -> list[dict[str, str]]:
        return [{"Key": "landrail:commit", "Value": commit}]


@pytest.fixture
def requests(accounts: dict[str, Account]) -> dict[str, Request]:
    account = accounts["recommended"].account
    values = dict.fromkeys(Variable, "x1")
    values |= {
        Variable.JOB_ROLE: f"arn:aws:iam::{account}:role/landrail/job",
        Variable.STAGE_KEY: accounts["recommended"].key,
        Variable.DATASETS: '{"flights": {"uri": "s3://lake/flights/", "key": "k"}}',
    }
    settings = Settings({str(k): v for k, v in values.items()})
    stage: Any = Stage()
    files = ask({}, {}, learned_from=BUILD.data, data="")
    cut = ask({"format": "parquet"}, {}, learned_from=BUILD.data, data="")
    made: dict[str, dict[str, Any]] = {
        "CreateTrainingJob": training_job(settings, stage, BUILD, "t"),
        "CreateProcessingJob": processing_job(settings, stage, CANDIDATE, "p", "s3://b/o"),
        "CreateTransformJob": whole.transform_job(settings, stage, RELEASED, files, "s3://b/o"),
        "of shards": shards.processing_job(settings, stage, RELEASED, cut, "s3://b/o"),
        "CreateModelPackage": model_package("g", CANDIDATE),
        **_of_stack(accounts["recommended"].key, account),
    }
    return {
        name: Request("sagemaker", "CreateProcessingJob" if " " in name else name, params)
        for name, params in made.items()
    }


def _of_stack(key: str, account: str, *, approved: bool = False) -> dict[str, dict[str, Any]]:
    """The calls that CloudFormation makes of the stack of an endpoint, in staging or by version."""
    parameters = {
        "ExecutionRole": f"arn:aws:iam::{account}:role/landrail/model",
        "KmsKey": key,
        "Subnets": ["subnet-11111111"],
        "SecurityGroups": ["sg-11111111"],
        "EndpointName": "delays",
    }

    def resolved(value: Any) -> Any:
        if isinstance(value, dict):
            if "Ref" in value:
                return parameters.get(value["Ref"], "x1")
            if "Fn::If" in value:
                return resolved(value["Fn::If"][1 if approved else 2])
            if "Fn::GetAtt" in value:
                return "x1"
            return {name: resolved(inner) for name, inner in value.items()}
        return [resolved(item) for item in value] if isinstance(value, list) else value

    found = {}
    for made in template()["Resources"].values():
        kind = made["Type"].rpartition("::")[2]
        properties = resolved(made["Properties"])
        found[f"Create{kind}"] = {f"{kind}Name": "delays", **properties}
    return found


OF_RELEASE = (
    "CreateTrainingJob",
    "CreateProcessingJob",
    "CreateTransformJob",
    "of shards",
    "CreateModelPackage",
)


@pytest.mark.parametrize("operation", OF_RELEASE)
def test_the_release_role_is_let_past(
    accounts: dict[str, Account], requests: dict[str, Request], operation: str
) -> None:
    assert accounts["recommended"].allows(requests[operation], "landrail/release")


@pytest.mark.parametrize(
    ("role", "passes"), [("landrail/pipeline-x-production", True), ("landrail/release", False)]
)
def test_the_pipeline_alone_approves(accounts: dict[str, Account], role: str, passes: bool) -> None:
    account = accounts["recommended"]
    arn = "arn:aws:sagemaker:eu-west-1:ACCOUNT:model-package/g/1"
    approval = {"ModelPackageArn": arn, "ModelApprovalStatus": "Approved"}
    request = Request("sagemaker", "UpdateModelPackage", approval)
    assert account.allows(request, role) is passes


@pytest.mark.parametrize("operation", ["CreateModel", "CreateEndpointConfig", "CreateEndpoint"])
def test_the_stack_of_a_model_is_let_past(
    accounts: dict[str, Account], requests: dict[str, Request], operation: str
) -> None:
    assert accounts["recommended"].allows(requests[operation], "landrail/release-stack")


def test_a_model_by_its_version_is_let_past(accounts: dict[str, Account]) -> None:
    account = accounts["recommended"]
    made = _of_stack(account.key, account.account, approved=True)["CreateModel"]
    assert made["PrimaryContainer"] == {"ModelPackageName": "x1"}
    assert account.allows(Request("sagemaker", "CreateModel", made), "landrail/release-stack")
