"""What a pipeline asks of SageMaker, in the keys that guardrails look at.

The requests are those of the steps of a model (`landrail model ...`) and of its stack; a test holds
them to what the steps send.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from landrail.compiler import site as names
from landrail.handover import DEFAULT_INSTANCE_TYPE
from landrail.policy import ContextValue
from landrail.spec import Platform

"""What a model runs on where its recipe names nothing else."""
_KEY = "arn:aws:kms:{region}:{account}:key/11111111-2222-3333-4444-555555555555"
_NETWORK: Mapping[str, ContextValue] = {
    "sagemaker:VpcSubnets": ("subnet-11111111", "subnet-22222222"),
    "sagemaker:VpcSecurityGroupIds": ("sg-11111111",),
}
_ALONE = {"sagemaker:NetworkIsolation": "true"}
_BETWEEN = {"sagemaker:InterContainerTrafficEncryption": "true"}
_LONGEST = {"sagemaker:MaxRuntimeInSeconds": "14400"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a pipeline: by whom and where, and all that guardrails see of it. `model` is
    whose it is, `instance_type` what it runs on, None where it runs nothing."""

    model: str
    role: str
    account: str
    action: str
    resource: str
    context: Mapping[str, ContextValue]
    instance_type: str | None = None


def asked(
    platform: Platform, ids: Mapping[str, str], instance_types: Mapping[str, str]
) -> Iterator[Asked]:
    """Yield the requests of every model's pipelines in its accounts; `instance_types` has those of
    the models whose recipe is known."""
    for model, entry in platform.models.items():
        lob = platform.teams[entry.team].lob
        runs_on = instance_types.get(model, DEFAULT_INSTANCE_TYPE)
        for kind in dict.fromkeys((entry.development, "uat", "production")):
            if kind == "none":
                continue
            account = names.account_of(platform, kind, lob).name
            yield from _of(platform, model, kind, account, ids[account], runs_on)


def _of(
    platform: Platform, model: str, kind: str, account: str, number: str, runs_on: str
) -> Iterator[Asked]:
    region = platform.region
    key = _KEY.format(region=region, account=number)
    types: Mapping[str, ContextValue] = {"sagemaker:InstanceTypes": (runs_on,)}
    volume = {"sagemaker:VolumeKmsKey": key, "sagemaker:VolumeKmsKeyArn": key}
    output = {"sagemaker:OutputKmsKey": key, "sagemaker:OutputKmsKeyArn": key}
    of_model = f"arn:aws:sagemaker:{region}:{number}:model/{names.model_name(model)}-1"
    serving = {"sagemaker:ModelArn": of_model}
    tags: dict[str, ContextValue] = {
        "aws:RequestTag/landrail:model": model,
        "aws:RequestTag/landrail:commit": "0" * 40,
        "aws:TagKeys": ("landrail:model", "landrail:commit"),
    }

    def one(
        role: str, action: str, what: str, *keys: Mapping[str, ContextValue], runs: bool = True
    ) -> Asked:
        resource = f"arn:aws:sagemaker:{region}:{number}:{what}/{names.model_name(model)}-1"
        context = {name: value for part in keys for name, value in part.items()}
        return Asked(
            model,
            role,
            account,
            f"sagemaker:{action}",
            resource,
            context,
            runs_on if runs else None,
        )

    if kind != "production":
        full = (types, volume, output, _NETWORK, _ALONE, _BETWEEN, _LONGEST, tags)
        yield one("release", "CreateTrainingJob", "training-job", *full)
        yield one("release", "CreateProcessingJob", "processing-job", *full)
    serve = platform.models[model].serve
    if ("batch" in serve) if kind == "production" else (kind == "uat" and "online" not in serve):
        transform = (types, volume, output, serving, tags)
        yield one("release", "CreateTransformJob", "transform-job", *transform)
    if kind == "production" and "batch" in serve:
        shards = (types, volume, output, _NETWORK, _ALONE, _BETWEEN, _LONGEST, tags)
        yield one("release", "CreateProcessingJob", "processing-job", *shards)
    # CloudFormation gives what a stack makes the tags of the stack too.
    stack: Mapping[str, ContextValue] = {
        **tags,
        "aws:CalledVia": ("cloudformation.amazonaws.com",),
    }
    model_keys = (_NETWORK, _ALONE, stack)
    config_keys = (types, volume, serving, stack)
    yield one("release-stack", "CreateModel", "model", *model_keys, runs=False)
    if "online" not in serve:
        return  # the stack holds the model alone
    yield one("release-stack", "CreateEndpointConfig", "endpoint-config", *config_keys)
    yield one("release-stack", "CreateEndpoint", "endpoint", stack, runs=False)
