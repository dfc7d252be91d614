"""What a template takes from outside its stack: exports of other stacks, SSM parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation.acting import Actor
from landrail.localaws.services.cloudformation.evaluation import Outside
from landrail.localaws.services.cloudformation.intrinsics import template_error
from landrail.localaws.services.cloudformation.stacks import Stack, Stacks

_DYNAMIC = re.compile(r"\{\{resolve:([^:}]+):([^}]*)\}\}")
_GONE = ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS")


def exports(stacks: Stacks, account: str, region: str) -> dict[str, tuple[str, Stack]]:
    """Return the exports of an account and region: name -> value and exporting stack."""
    return {
        output["ExportName"]: (output["OutputValue"], stack)
        for stack in stacks.all(account, region)
        if stack.status not in _GONE
        for output in stack.outputs
        if "ExportName" in output
    }


def importers(stacks: Stacks, account: str, region: str, name: str) -> list[str]:
    """Return the names of the stacks that import an export."""
    return [
        stack.name
        for stack in stacks.all(account, region)
        if stack.status not in _GONE and name in stack.imports
    ]


def around(
    stacks: Stacks, stack: Stack, actor: Actor, note: Callable[[str], Any] | None = None
) -> Outside:
    """Return what stands around a stack; `note` hears of each export that is used."""
    parameters: dict[str, str] = {}

    def imported(name: str) -> str:
        known = exports(stacks, stack.account, stack.region)
        if name not in known:
            raise ApiError("ValidationError", f"No export named {name} found.")
        if note is not None:
            note(name)
        return known[name][0]

    def stored(name: str) -> str:
        if name not in parameters:
            parameters[name] = ssm_value(actor, name)
        return parameters[name]

    def replaced(match: re.Match[str]) -> str:
        if match[1] != "ssm":
            raise template_error(f"dynamic reference {{{{resolve:{match[1]}}}}} is not supported")
        return stored(match[2])

    return Outside(imported, lambda text: _DYNAMIC.sub(replaced, text))


def ssm_value(actor: Actor, name: str) -> str:
    """Return the value of an SSM parameter (`NAME` or `NAME:VERSION`), read as the stack acts."""
    try:
        parameter = actor.call("ssm", "GetParameter", {"Name": name})["Parameter"]
    except ApiError as error:
        if error.code == "ParameterNotFound":
            raise ApiError(
                "ValidationError",
                f"Unable to fetch parameters [{name}] from parameter store for this account.",
            ) from error
        raise
    if parameter.get("Type") == "SecureString":
        raise template_error(f"SSM parameter {name} is a SecureString; use another reference")
    return str(parameter["Value"])
