"""CodeBuild projects, as Config records them: with subnets as objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.inventory.described import VOLATILE, lowered
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    projects = [_project(item) for item in items]
    names = [project["name"] for project in projects]
    yield Answer("codebuild", "ListProjects", {}, {"projects": names})
    for project in projects:
        told = {"projects": [project]}
        yield Answer("codebuild", "BatchGetProjects", {"names": [project["name"]]}, told)


def _project(item: Item) -> dict[str, Any]:
    told = dict(item.configuration)
    if vpc := told.get("vpcConfig"):
        subnets = [s["subnet"] if isinstance(s, dict) else s for s in vpc.get("subnets") or ()]
        told["vpcConfig"] = {**vpc, "subnets": subnets}
    tags = [{"key": key, "value": value} for key, value in item.tags.items()]
    return {"name": item.name, "created": item.created, **told, "arn": item.arn, "tags": tags}


def _shape(row: Row) -> Shape:
    hidden = (*VOLATILE, "created", "lastModified", "tags", "arn")
    told = {n: given for n, given in (row.get("configuration") or {}).items() if n not in hidden}
    if vpc := told.get("vpcConfig"):
        subnets = [{"subnet": subnet} for subnet in vpc.get("subnets") or ()]
        told["vpcConfig"] = {**vpc, "subnets": subnets}
    return lowered(told), {}


RECORD = Record(
    table="codebuild_projects",
    types=("AWS::CodeBuild::Project",),
    answers=_answers,
    shape=_shape,
    only_where={
        "projectVisibility": ("public",),
        "source": ("source_signed_in",),
    },
)
