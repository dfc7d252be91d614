"""What is taken for a pipeline's requests are those that its steps make, in the keys that the gate
reads off them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from landrail.compiler.guardrails.lockout.requests import Asked, asked
from landrail.localaws.gateway.requests import sagemaker_keys
from landrail.localaws.gateway.requests.values import Call
from landrail.operations.model import evaluate, serving, stage, train
from landrail.operations.model.scoring import shards, whole
from landrail.operations.model.scoring.asked import ask
from landrail.spec import Platform

NUMBER, REGION = "111122223333", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{NUMBER}:key/11111111-2222-3333-4444-555555555555"


class Settings(dict[Any, str]):
    def __missing__(self, name: str) -> str:
        return KEY if "KEY" in name else "model"

    def data_uri(self, data: str) -> str:
        return f"s3://lake/{data}"


def sent() -> dict[str, dict[str, Any]]:
    """Return the parameters of the calls of a model's steps and of its stack."""
    there: Any = SimpleNamespace(
        network={"Subnets": ["subnet-11111111", "subnet-22222222"], "SecurityGroupIds": ["sg-1"]},
        tags=lambda commit: stage.Stage.tags(there, commit),
        settings=Settings(),
        job_name=lambda kind: kind,
    )
    build: Any = SimpleNamespace(
        image="image",
        hyperparameters={},
        data="d@1",
        instance_type="ml.m5.large",
        commit="0" * 40,
        entrypoint=["run"],
        batch={},
    )
    candidate: Any = SimpleNamespace(build=build, model_data="s3://model")
    released: Any = SimpleNamespace(**vars(build), model="m", model_data="s3://model")
    scoring = ask({}, {}, learned_from="d@1", data="")
    settings: Any = Settings()
    made = serving.template()["Resources"]
    config = made["EndpointConfig"]["Properties"]
    variants = [
        {**config["ProductionVariants"][0], "ModelName": "m", "InstanceType": "ml.m5.large"}
    ]
    return {
        "CreateTrainingJob": train.training_job(settings, there, build, "n"),
        "CreateProcessingJob": evaluate.processing_job(settings, there, candidate, "n", "s3://o"),
        "CreateProcessingJob in production": shards.processing_job(
            settings, there, released, scoring, "s3://o"
        ),
        "CreateTransformJob": whole.transform_job(settings, there, released, scoring, "s3://o"),
        "CreateModel": {**made["Model"]["Properties"], "VpcConfig": there.network},
        "CreateEndpointConfig": {**config, "KmsKeyId": KEY, "ProductionVariants": variants},
        "CreateEndpoint": {"EndpointName": "e", "EndpointConfigName": "c"},
    }


@pytest.fixture(scope="module")
def known(build: Callable[..., Platform]) -> dict[str, Asked]:
    platform = build(["retail"])
    ids = {made.name: NUMBER for made in platform.accounts_made()}
    return {one.action: one for one in asked(platform, ids, {})}


def test_every_request_is_known(known: dict[str, Asked]) -> None:
    assert set(known) == {f"sagemaker:{operation.split()[0]}" for operation in sent()}


@pytest.mark.parametrize("operation", sorted(sent()))
def test_its_keys_are_those_that_the_gate_reads(operation: str, known: dict[str, Asked]) -> None:
    call = Call("sagemaker", operation.split()[0], sent()[operation], NUMBER, REGION)
    read = {key for key in sagemaker_keys.keys(call) if key.startswith("sagemaker:")}
    there = known[f"sagemaker:{operation.split()[0]}"].context
    assert read == {key for key in there if key.startswith("sagemaker:")}
    assert there.get("sagemaker:InstanceTypes", ("ml.m5.large",)) == ("ml.m5.large",)
