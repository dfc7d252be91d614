"""CodeBuild projects: secrets in plain sight, privileges, logs, artifacts, network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from landrail.inventory.ask import Ask, items
from landrail.inventory.describing import tags_of
from landrail.inventory.table import Column, Row, Table, listed

_MOST = 100
_HIDDEN = "hidden"
"""Stands for a name and a password."""
_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_SECRET = re.compile(r"(?i)(passw(or)?d|secret|token|api_?key|private_?key|credential)")
_SIGNED_IN = re.compile(r"(?i)^[a-z+]+://[^/@]+@")


def _collect(ask: Ask) -> Iterator[Row]:
    names = iter(items(ask, "codebuild", "ListProjects", "projects"))
    while some := list(islice(names, _MOST)):
        for project in ask("codebuild", "BatchGetProjects", names=some).get("projects") or ():
            yield _row(project)


def _one(ask: Ask, resource_id: str) -> Iterator[Row]:
    # The id is the project's ARN, and BatchGetProjects takes ARNs as well as names.
    for project in ask("codebuild", "BatchGetProjects", names=[resource_id]).get("projects") or ():
        yield _row(project)


def _row(project: Mapping[str, Any]) -> Row:
    environment = project.get("environment") or {}
    variables = environment.get("environmentVariables") or ()
    shown = [v["name"] for v in variables if v.get("type", "PLAINTEXT") == "PLAINTEXT"]
    logs = project.get("logsConfig") or {}
    to_group, to_bucket = logs.get("cloudWatchLogs"), logs.get("s3Logs")
    vpc = project.get("vpcConfig") or {}
    return {
        "resource_id": project["arn"],
        "resource_name": project["name"],
        "arn": project["arn"],
        "created": project.get("created"),
        "tags": tags_of(project.get("tags") or ()),
        "configuration": _without_values(project),
        "shows_credentials": any(name in _CREDENTIALS for name in shown),
        "shows_secrets": any(_SECRET.search(name) or name in _CREDENTIALS for name in shown),
        "source_signed_in": any(map(_is_signed_in, _several(project, "source", "Sources"))),
        "privileged": bool(environment.get("privilegedMode")),
        "logs": _on(to_group, absent=True) or _on(to_bucket),
        "log_group": (to_group or {}).get("groupName"),
        "log_bucket": _bucket(to_bucket) if _on(to_bucket) else None,
        "logs_encrypted": not (_on(to_bucket) and (to_bucket or {}).get("encryptionDisabled")),
        "artifacts_encrypted": not any(
            one.get("encryptionDisabled") for one in _several(project, "artifacts", "Artifacts")
        ),
        "kms_key": project.get("encryptionKey"),
        "in_vpc": bool(vpc.get("vpcId")),
        "subnets": listed(vpc.get("subnets") or ()),
        "role": project.get("serviceRole"),
        "public": project.get("projectVisibility") == "PUBLIC_READ",
    }


def _on(logs: Mapping[str, Any] | None, absent: bool = False) -> bool:
    """Whether a place of logs is on; CodeBuild writes to CloudWatch where nothing is said."""
    return absent if logs is None else logs.get("status") == "ENABLED"


def _bucket(logs: Mapping[str, Any] | None) -> str | None:
    place = (logs or {}).get("location")
    return place.removeprefix("arn:aws:s3:::").split("/")[0] if place else None


def _several(project: Mapping[str, Any], first: str, more: str) -> Sequence[Mapping[str, Any]]:
    return [project.get(first) or {}, *(project.get(f"secondary{more}") or ())]


def _is_signed_in(source: Mapping[str, Any]) -> bool:
    return bool(_SIGNED_IN.match(source.get("location") or ""))


def _without_values(project: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description with the names of environment variables alone, and URLs of sources
    without who signs in by them, for they hold secrets where they should not."""
    environment = dict(project.get("environment") or {})
    variables = environment.pop("environmentVariables", None) or ()
    environment["environmentVariables"] = [
        {"name": v["name"], "type": v.get("type", "PLAINTEXT")} for v in variables
    ]
    told = {**project, "environment": environment}
    if "source" in told:
        told["source"] = _without_secret(told["source"])
    if "secondarySources" in told:
        told["secondarySources"] = [_without_secret(one) for one in told["secondarySources"]]
    return told


def _without_secret(source: Mapping[str, Any]) -> dict[str, Any]:
    hidden = {name: given for name, given in source.items() if name not in ("auth", "buildspec")}
    if _is_signed_in(source):
        scheme, _, rest = hidden["location"].partition("://")
        hidden["location"] = f"{scheme}://{_HIDDEN}@{rest.partition('@')[2]}"
    return hidden


TABLE = Table(
    name="codebuild_projects",
    resource_type="AWS::CodeBuild::Project",
    services=("codebuild",),
    columns=(
        Column("shows_credentials", "boolean", "AWS's access keys stand in its plain variables"),
        Column("shows_secrets", "boolean", "so does something whose name says that it is secret"),
        Column("source_signed_in", "boolean", "the URL of a source holds credentials"),
        Column("privileged", "boolean", "whether its builds are privileged"),
        Column("logs", "boolean", "whether builds write logs anywhere"),
        Column("log_group", "text", "the log group that it names"),
        Column("log_bucket", "text", "the bucket that its logs go to"),
        Column("logs_encrypted", "boolean", "whether logs in a bucket are encrypted"),
        Column("artifacts_encrypted", "boolean", "whether all artifacts are encrypted"),
        Column("kms_key", "text", "the KMS key of its artifacts"),
        Column("in_vpc", "boolean", "whether it runs in a VPC"),
        Column("subnets", "text", "its subnets, each between commas"),
        Column("role", "text", "the role that it runs as"),
        Column("public", "boolean", "whether everybody may read its builds"),
    ),
    collect=_collect,
    one=_one,
    reads=("codebuild:BatchGetProjects", "codebuild:ListProjects"),
)
