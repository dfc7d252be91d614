"""AWS::CodePipeline::Pipeline: the definition, and which transitions are disabled."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import respelled, restored
from landrail.localaws.services.cloudformation.types.kind import (
    Aspect,
    Context,
    Made,
    Props,
    ResourceType,
    found,
    gone,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    BOOLEAN,
    INTEGER,
    TAGS,
    TEXT,
    Shape,
    many,
    mapping,
    obj,
    some,
)
from landrail.localaws.services.cloudformation.types.tagging import spelled, unspelled

_ARTIFACTS = many(obj("Name", Name=TEXT))
_ACTION = obj(
    "ActionTypeId",
    "Name",
    ActionTypeId=obj(
        "Category",
        "Owner",
        "Provider",
        "Version",
        Category=TEXT,
        Owner=TEXT,
        Provider=TEXT,
        Version=TEXT,
    ),
    Configuration=mapping(TEXT),
    InputArtifacts=_ARTIFACTS,
    Name=TEXT,
    Namespace=TEXT,
    OutputArtifacts=_ARTIFACTS,
    Region=TEXT,
    RoleArn=TEXT,
    RunOrder=INTEGER,
    TimeoutInMinutes=INTEGER,
)
_STORE = obj(
    "Location",
    "Type",
    EncryptionKey=obj("Id", "Type", Id=TEXT, Type=TEXT),
    Location=TEXT,
    Type=TEXT,
)
_RULE = obj(
    Commands=many(TEXT),
    Configuration=mapping(TEXT),
    InputArtifacts=_ARTIFACTS,
    Name=TEXT,
    Region=TEXT,
    RoleArn=TEXT,
    RuleTypeId=obj(Category=TEXT, Owner=TEXT, Provider=TEXT, Version=TEXT),
)
_CONDITIONS = many(obj(Result=TEXT, Rules=many(_RULE)))
_STAGE = obj(
    "Actions",
    "Name",
    Actions=many(_ACTION),
    BeforeEntry=obj(Conditions=_CONDITIONS),
    Blockers=many(obj("Name", "Type", Name=TEXT, Type=TEXT)),
    Name=TEXT,
    OnFailure=obj(Conditions=_CONDITIONS, Result=TEXT, RetryConfiguration=obj(RetryMode=TEXT)),
    OnSuccess=obj(Conditions=_CONDITIONS),
)
_FILTER = obj(Excludes=many(TEXT), Includes=many(TEXT))
_GIT = obj(
    "SourceActionName",
    PullRequest=many(obj(Branches=_FILTER, Events=many(TEXT), FilePaths=_FILTER)),
    Push=many(obj(Branches=_FILTER, FilePaths=_FILTER, Tags=_FILTER)),
    SourceActionName=TEXT,
)
_PIPELINE: dict[str, Shape] = {
    "ArtifactStore": _STORE,
    "ArtifactStores": some(
        obj("ArtifactStore", "Region", ArtifactStore=_STORE, Region=TEXT), key="Region"
    ),
    "DisableInboundStageTransitions": some(
        obj("Reason", "StageName", Reason=TEXT, StageName=TEXT), key="StageName"
    ),
    "ExecutionMode": TEXT,
    "Name": TEXT,
    "PipelineType": TEXT,
    "RestartExecutionOnUpdate": BOOLEAN,
    "RoleArn": TEXT,
    "Stages": many(_STAGE),
    "Tags": TAGS,
    "Triggers": some(obj("ProviderType", GitConfiguration=_GIT, ProviderType=TEXT)),
    "Variables": some(obj("Name", DefaultValue=TEXT, Description=TEXT, Name=TEXT), key="Name"),
}
_APART = ("DisableInboundStageTransitions", "Name", "RestartExecutionOnUpdate", "Tags")
_DECLARED = tuple(name for name in _PIPELINE if name not in _APART)


_TRANSITIONS = "DisableInboundStageTransitions"


def _pipeline(name: str, props: Props) -> dict[str, Any]:
    given: dict[str, Any] = {
        own[0].lower() + own[1:]: respelled(_PIPELINE[own], value)
        for own, value in props.items()
        if own in _DECLARED
    }
    stores = given.pop("artifactStores", None)
    if stores:
        given["artifactStores"] = {one["region"]: one["artifactStore"] for one in stores}
    return {**given, "name": name}


def _pipeline_arn(context: Context, name: str) -> str:
    return f"arn:aws:codepipeline:{context.region}:{context.account}:{name}"


def _make_pipeline(context: Context, props: Props) -> Made:
    name = props["Name"]
    made = context.call(
        "codepipeline",
        "CreatePipeline",
        pipeline=_pipeline(name, props),
        tags=spelled(props.get("Tags"), "key", "value"),
    )["pipeline"]
    arn = _pipeline_arn(context, name)
    return Made(name, {"Arn": arn, "Version": str(made.get("version", 1))})


def _put_pipeline(context: Context, name: str, new: Props, _: Props) -> None:
    context.call("codepipeline", "UpdatePipeline", pipeline=_pipeline(name, new))
    if new.get("RestartExecutionOnUpdate"):
        context.call("codepipeline", "StartPipelineExecution", name=name)


def _put_transitions(context: Context, name: str, new: Props, old: Props) -> None:
    wanted = {one["StageName"]: one["Reason"] for one in new.get(_TRANSITIONS) or ()}
    where = {"pipelineName": name, "transitionType": "Inbound"}
    stages = {one["Name"] for one in new["Stages"]}
    for one in old.get(_TRANSITIONS) or ():
        if one["StageName"] not in wanted and one["StageName"] in stages:
            enable = {**where, "stageName": one["StageName"]}
            context.call("codepipeline", "EnableStageTransition", **enable)
    for stage, reason in wanted.items():
        disable = {**where, "stageName": stage, "reason": reason}
        context.call("codepipeline", "DisableStageTransition", **disable)


def _read_transitions(context: Context, name: str, _: Props) -> Props:
    stages = context.call("codepipeline", "GetPipelineState", name=name)["stageStates"]
    states = {one["stageName"]: one["inboundTransitionState"] for one in stages}
    disabled = [
        {"StageName": stage, "Reason": one["disabledReason"]}
        for stage, one in states.items()
        if not one["enabled"]
    ]
    return {_TRANSITIONS: disabled}


def _read_pipeline(context: Context, name: str, _: Props) -> Props | None:
    answer = found(context, "codepipeline", "GetPipeline", name=name)
    if answer is None:
        return None
    pipeline = answer["pipeline"]
    live: dict[str, Any] = {"Name": name}
    for own, shape in _PIPELINE.items():
        value = pipeline.get(own[0].lower() + own[1:])
        if value is not None and own in _DECLARED and own != "ArtifactStores":
            live[own] = restored(shape, value)
    stores = pipeline.get("artifactStores")
    if stores:
        shape = _PIPELINE["ArtifactStores"]
        told = [{"region": key, "artifactStore": one} for key, one in stores.items()]
        live["ArtifactStores"] = restored(shape, told)
    return live


def _version(context: Context, name: str, _: Props) -> dict[str, str]:
    answer = context.call("codepipeline", "GetPipeline", name=name)
    version = str(answer["pipeline"].get("version", 1))
    return {"Arn": _pipeline_arn(context, name), "Version": version}


def _put_tags(context: Context, name: str, new: Props, old: Props) -> None:
    arn = _pipeline_arn(context, name)
    wanted = {tag["Key"]: tag["Value"] for tag in new.get("Tags", [])}
    stale = [tag["Key"] for tag in old.get("Tags", []) if tag["Key"] not in wanted]
    if stale:
        context.call("codepipeline", "UntagResource", resourceArn=arn, tagKeys=stale)
    if wanted:
        tags = spelled(new["Tags"], "key", "value")
        context.call("codepipeline", "TagResource", resourceArn=arn, tags=tags)


def _read_tags(context: Context, name: str, _: Props) -> Props:
    arn = _pipeline_arn(context, name)
    answer = context.call("codepipeline", "ListTagsForResource", resourceArn=arn)
    return {"Tags": unspelled(answer.get("tags"), "key", "value")}


_WALK = ResourceType(
    name="AWS::CodePipeline::Pipeline",
    properties=_PIPELINE,
    required=("RoleArn", "Stages"),
    replaces=frozenset({"Name"}),
    attributes=("Arn", "Version"),
    create=_make_pipeline,
    read=_read_pipeline,
    delete=lambda c, name, _: gone(c, "codepipeline", "DeletePipeline", name=name),
    aspects=(
        Aspect((*_DECLARED, "RestartExecutionOnUpdate"), _put_pipeline, on_create=False),
        Aspect((_TRANSITIONS,), _put_transitions, _read_transitions),
        Aspect(("Tags",), _put_tags, _read_tags, on_create=False),
    ),
    named_by="Name",
    name_limit=100,
    tags="Tags",
    hidden=frozenset({"RestartExecutionOnUpdate"}),
    refreshed=frozenset({"Version"}),
    refresh=_version,
    identity=lambda _, props: props["Name"],
)

TYPES = table(_WALK)
