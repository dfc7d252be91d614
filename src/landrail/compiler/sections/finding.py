"""How consumers find the package groups of shared services that they may use: each account of a
line is handed their ARNs by parameters of its own, one path for each team.

A group's policy names roles, and what names roles is not listed across accounts.
"""

from __future__ import annotations

from collections.abc import Iterator

from landrail.compiler import names, site
from landrail.compiler.parts.templates import Resources, resource, template
from landrail.resources import Stack
from landrail.spec import Platform


def compile_finding(platform: Platform) -> Iterator[Stack]:
    """Yield the stack of parameters of each account in which a team's people work."""
    for kind in site.LINE_KINDS:
        for account in platform.accounts_of(kind):
            models = site.models_of(platform, account.lob or "")
            if models:
                made = template(
                    "Landrail: where the models of the line are registered",
                    *(_parameter(platform, model) for model in models),
                )
                yield site.stack(platform, account.name, "models", made)


def _parameter(platform: Platform, model: str) -> Resources:
    team = platform.models[model].team
    properties = {
        "Name": f"{site.group_path(team)}/{site.model_name(model)}",
        "Type": "String",
        "Value": site.group_arn(platform, model),
        "Description": f"The model package group of {model}",
    }
    return {names.logical_id("group", model): resource("AWS::SSM::Parameter", properties)}
