"""Guardrail: builds carry no keys in their variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.guardrails import must
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail, TemplateCheck
from landrail.guardrails.holding import Holding, always

_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def _plain(properties: Mapping[str, Any]) -> str | None:
    given = (properties.get("Environment") or {}).get("EnvironmentVariables") or ()
    for variable in given:
        if variable.get("Name") in _KEYS and variable.get("Type", "PLAINTEXT") == "PLAINTEXT":
            return f"variable `{variable['Name']}` is plain text"
    return None


_NOT_NAMED = must.Must(
    "names no keys of AWS",
    lambda keys: tuple({"ForAnyValue:StringEquals": {key: list(_KEYS)}} for key in keys),
    asked=False,
)

GUARDRAIL = Guardrail(
    id="codebuild-no-keys",
    title="builds carry no keys in their variables",
    why="variables of a build are read by whoever may see the project",
    severity="critical",
    remedy="let the build's role do it; keep other secrets in Secrets Manager, by other names",
    kinds=(
        "shared-services",
        "data-science",
        "development",
        "uat",
        "production",
    ),
    frameworks=Frameworks(
        security_hub=("CodeBuild.2",),
        conformance_packs=("devops",),
    ),
    service_control=Holding(
        key="codebuild:environment.environmentVariables.name", must=always(_NOT_NAMED)
    ),
    proactive=(TemplateCheck("AWS::CodeBuild::Project", _plain),),
    detective=(
        Detective("codebuild-project-envvar-awscred-check"),
        Detective("codebuild-project-envvar-secret-check"),
    ),
)
