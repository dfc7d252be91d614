"""AWS::CodeBuild::Project and AWS::CodePipeline::Pipeline."""

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

_SPELLING = {"BuildSpec": "buildspec"}
_ENVIRONMENT = obj(
    "ComputeType",
    "Image",
    "Type",
    Certificate=TEXT,
    ComputeType=TEXT,
    EnvironmentVariables=some(obj("Name", "Value", Name=TEXT, Type=TEXT, Value=TEXT), key="Name"),
    Image=TEXT,
    ImagePullCredentialsType=TEXT,
    PrivilegedMode=BOOLEAN,
    Type=TEXT,
)
_PROJECT: dict[str, Shape] = {
    "Artifacts": obj(
        "Type",
        EncryptionDisabled=BOOLEAN,
        Location=TEXT,
        Name=TEXT,
        NamespaceType=TEXT,
        Packaging=TEXT,
        Path=TEXT,
        Type=TEXT,
    ),
    "Cache": obj("Type", Location=TEXT, Modes=some(TEXT), Type=TEXT),
    "ConcurrentBuildLimit": INTEGER,
    "Description": TEXT,
    "EncryptionKey": TEXT,
    "Environment": _ENVIRONMENT,
    "LogsConfig": obj(
        CloudWatchLogs=obj("Status", GroupName=TEXT, Status=TEXT, StreamName=TEXT),
        S3Logs=obj("Status", EncryptionDisabled=BOOLEAN, Location=TEXT, Status=TEXT),
    ),
    "Name": TEXT,
    "QueuedTimeoutInMinutes": INTEGER,
    "ServiceRole": TEXT,
    "Source": obj(
        "Type",
        BuildSpec=TEXT,
        GitCloneDepth=INTEGER,
        InsecureSsl=BOOLEAN,
        Location=TEXT,
        Type=TEXT,
    ),
    "SourceVersion": TEXT,
    "Tags": TAGS,
    "TimeoutInMinutes": INTEGER,
    "VpcConfig": obj(
        "SecurityGroupIds",
        "Subnets",
        "VpcId",
        SecurityGroupIds=some(TEXT),
        Subnets=some(TEXT),
        VpcId=TEXT,
    ),
}
_CLEARED = {"Description": "", "SourceVersion": ""}


def _project(props: Props) -> dict[str, Any]:
    """Return the project as the API has it, but for its name."""
    given = {}
    for name, value in props.items():
        if name not in ("Name", "Tags"):
            call = name[0].lower() + name[1:]
            given[call] = respelled(_PROJECT[name], value, _SPELLING)
    return {**given, "tags": spelled(props.get("Tags"), "key", "value")}


def _make_project(context: Context, props: Props) -> Made:
    made = context.call("codebuild", "CreateProject", name=props["Name"], **_project(props))
    arn = made["project"]["arn"]
    return Made(props["Name"], {"Arn": arn, "Id": props["Name"]})


def _put_project(context: Context, name: str, new: Props, old: Props) -> None:
    removed = {key: value for key, value in _CLEARED.items() if key in old and key not in new}
    wanted = _project({**removed, **new})
    wanted["tags"] = wanted["tags"] or []
    context.call("codebuild", "UpdateProject", name=name, **wanted)


def _read_project(context: Context, name: str, _: Props) -> Props | None:
    answer = context.call("codebuild", "BatchGetProjects", names=[name])
    if not answer.get("projects"):
        return None
    project = answer["projects"][0]
    live = {}
    for own, shape in _PROJECT.items():
        value = project.get(own[0].lower() + own[1:])
        if value is not None and own != "Tags":
            live[own] = restored(shape, value, _SPELLING)
    tags = unspelled(project.get("tags"), "key", "value")
    return {**live, "Tags": tags}


_BUILD = ResourceType(
    name="AWS::CodeBuild::Project",
    properties=_PROJECT,
    required=("Artifacts", "Environment", "ServiceRole", "Source"),
    replaces=frozenset({"Name"}),
    attributes=("Arn", "Id"),
    create=_make_project,
    read=_read_project,
    delete=lambda c, name, _: gone(c, "codebuild", "DeleteProject", name=name),
    aspects=(
        Aspect(tuple(name for name in _PROJECT if name != "Name"), _put_project, on_create=False),
    ),
    named_by="Name",
    name_limit=255,
    tags="Tags",
    identity=lambda _, props: props["Name"],
)

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
_PIPELINE: dict[str, Shape] = {
    "ArtifactStore": _STORE,
    "ExecutionMode": TEXT,
    "Name": TEXT,
    "PipelineType": TEXT,
    "RoleArn": TEXT,
    "Stages": many(obj("Actions", "Name", Actions=many(_ACTION), Name=TEXT)),
    "Tags": TAGS,
    "Variables": some(obj("Name", DefaultValue=TEXT, Description=TEXT, Name=TEXT), key="Name"),
}


def _pipeline(name: str, props: Props) -> dict[str, Any]:
    given: dict[str, Any] = {
        own[0].lower() + own[1:]: respelled(_PIPELINE[own], value)
        for own, value in props.items()
        if own not in ("Name", "Tags")
    }
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


def _read_pipeline(context: Context, name: str, _: Props) -> Props | None:
    answer = found(context, "codepipeline", "GetPipeline", name=name)
    if answer is None:
        return None
    pipeline = answer["pipeline"]
    live = {}
    for own, shape in _PIPELINE.items():
        value = pipeline.get(own[0].lower() + own[1:])
        if value is not None and own != "Tags":
            live[own] = restored(shape, value)
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
    required=("ArtifactStore", "RoleArn", "Stages"),
    replaces=frozenset({"Name"}),
    attributes=("Arn", "Version"),
    create=_make_pipeline,
    read=_read_pipeline,
    delete=lambda c, name, _: gone(c, "codepipeline", "DeletePipeline", name=name),
    aspects=(
        Aspect(
            tuple(name for name in _PIPELINE if name not in ("Name", "Tags")),
            _put_pipeline,
            on_create=False,
        ),
        Aspect(("Tags",), _put_tags, _read_tags, on_create=False),
    ),
    named_by="Name",
    name_limit=100,
    tags="Tags",
    refreshed=frozenset({"Version"}),
    refresh=_version,
    identity=lambda _, props: props["Name"],
)

TYPES = table(_BUILD, _WALK)
