"""AWS::CodeBuild::Project."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import respelled, restored
from landrail.localaws.services.cloudformation.types.kind import (
    Aspect,
    Context,
    Made,
    Props,
    ResourceType,
    gone,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    BOOLEAN,
    INTEGER,
    TAGS,
    TEXT,
    Shape,
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

TYPES = table(_BUILD)
