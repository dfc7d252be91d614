"""AWS::CodeBuild::Project and AWS::CodeBuild::ReportGroup."""

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
    NUMBER,
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
_ARTIFACTS: dict[str, Shape] = {
    "ArtifactIdentifier": TEXT,
    "EncryptionDisabled": BOOLEAN,
    "Location": TEXT,
    "Name": TEXT,
    "NamespaceType": TEXT,
    "OverrideArtifactName": BOOLEAN,
    "Packaging": TEXT,
    "Path": TEXT,
    "Type": TEXT,
}
_SOURCE: dict[str, Shape] = {
    "BuildSpec": TEXT,
    "GitCloneDepth": INTEGER,
    "InsecureSsl": BOOLEAN,
    "Location": TEXT,
    "SourceIdentifier": TEXT,
    "Type": TEXT,
}
_PROJECT: dict[str, Shape] = {
    "Artifacts": obj("Type", **_ARTIFACTS),
    "AutoRetryLimit": NUMBER,
    "Cache": obj("Type", CacheNamespace=TEXT, Location=TEXT, Modes=some(TEXT), Type=TEXT),
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
    "SecondaryArtifacts": some(obj("ArtifactIdentifier", "Type", **_ARTIFACTS)),
    "SecondarySources": some(obj("SourceIdentifier", "Type", **_SOURCE)),
    "SecondarySourceVersions": some(
        obj("SourceIdentifier", SourceIdentifier=TEXT, SourceVersion=TEXT)
    ),
    "ServiceRole": TEXT,
    "Source": obj("Type", **_SOURCE),
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
# What takes a setting back that a template does not have any more.
_CLEARED: dict[str, Any] = {
    "AutoRetryLimit": 0,
    "Cache": {"Type": "NO_CACHE"},
    "ConcurrentBuildLimit": -1,
    "Description": "",
    "LogsConfig": {},
    "QueuedTimeoutInMinutes": 480,
    "SecondaryArtifacts": [],
    "SecondarySources": [],
    "SecondarySourceVersions": [],
    "SourceVersion": "",
    "TimeoutInMinutes": 60,
    "VpcConfig": {},
}


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

_GROUP: dict[str, Shape] = {
    "DeleteReports": BOOLEAN,
    "ExportConfig": obj(
        "ExportConfigType",
        ExportConfigType=TEXT,
        S3Destination=obj(
            "Bucket",
            Bucket=TEXT,
            BucketOwner=TEXT,
            EncryptionDisabled=BOOLEAN,
            EncryptionKey=TEXT,
            Packaging=TEXT,
            Path=TEXT,
        ),
    ),
    "Name": TEXT,
    "Tags": TAGS,
    "Type": TEXT,
}


def _group(props: Props) -> dict[str, Any]:
    """Return what can change of a report group as the API has it."""
    export = respelled(_GROUP["ExportConfig"], props["ExportConfig"])
    return {"exportConfig": export, "tags": spelled(props.get("Tags"), "key", "value") or []}


def _make_group(context: Context, props: Props) -> Made:
    given = {"name": props["Name"], "type": props["Type"], **_group(props)}
    arn = context.call("codebuild", "CreateReportGroup", **given)["reportGroup"]["arn"]
    return Made(arn, {"Arn": arn})


def _put_group(context: Context, arn: str, new: Props, old: Props) -> None:
    del old
    context.call("codebuild", "UpdateReportGroup", arn=arn, **_group(new))


def _read_group(context: Context, arn: str, _: Props) -> Props | None:
    answer = context.call("codebuild", "BatchGetReportGroups", reportGroupArns=[arn])
    if not answer.get("reportGroups"):
        return None
    [group] = answer["reportGroups"]
    live = {"Name": group["name"], "Type": group["type"]}
    live["ExportConfig"] = restored(_GROUP["ExportConfig"], group["exportConfig"])
    return {**live, "Tags": unspelled(group.get("tags"), "key", "value")}


def _delete_group(context: Context, arn: str, props: Props) -> None:
    all_of_it = bool(props.get("DeleteReports"))
    gone(context, "codebuild", "DeleteReportGroup", arn=arn, deleteReports=all_of_it)


_REPORTS = ResourceType(
    name="AWS::CodeBuild::ReportGroup",
    properties=_GROUP,
    required=("ExportConfig", "Type"),
    replaces=frozenset({"Name", "Type"}),
    attributes=("Arn",),
    create=_make_group,
    read=_read_group,
    delete=_delete_group,
    aspects=(Aspect(("DeleteReports", "ExportConfig", "Tags"), _put_group, on_create=False),),
    hidden=frozenset({"DeleteReports"}),
    named_by="Name",
    name_limit=128,
    tags="Tags",
)

TYPES = table(_BUILD, _REPORTS)
