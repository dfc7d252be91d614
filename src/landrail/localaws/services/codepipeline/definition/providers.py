"""The providers of actions and rules that there are here: what they take, how long they may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HOUR, _DAY = 3600.0, 86400.0


@dataclass(frozen=True, slots=True)
class Provider:
    """What an action or rule of one provider takes: configuration keys, and how many artifacts;
    `absent` are keys of AWS's that have no effect here. It may take `seconds`."""

    required: frozenset[str]
    optional: frozenset[str]
    inputs: tuple[int, int]
    outputs: tuple[int, int]
    seconds: float
    absent: frozenset[str] = frozenset()


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BUILD = Provider(
    _keys("ProjectName"),
    _keys("PrimarySource EnvironmentVariables"),
    (1, 5),
    (0, 5),
    36 * _HOUR,
    _keys("BatchEnabled CombineArtifacts"),
)
_STACK = """Capabilities ChangeSetName OutputFileName ParameterOverrides RoleArn
TemplateConfiguration TemplatePath"""

PROVIDERS: Mapping[tuple[str, str], Provider] = {
    ("Source", "CodeCommit"): Provider(
        _keys("RepositoryName BranchName"),
        _keys("PollForSourceChanges OutputArtifactFormat"),
        (0, 0),
        (1, 1),
        _HOUR,
    ),
    ("Source", "S3"): Provider(
        _keys("S3Bucket S3ObjectKey"),
        _keys("PollForSourceChanges"),
        (0, 0),
        (1, 1),
        _HOUR,
        _keys("AllowOverrideForS3ObjectKey"),
    ),
    ("Source", "CodeStarSourceConnection"): Provider(
        _keys("ConnectionArn FullRepositoryId BranchName"),
        _keys("DetectChanges OutputArtifactFormat"),
        (0, 0),
        (1, 1),
        _HOUR,
    ),
    ("Build", "CodeBuild"): _BUILD,
    ("Test", "CodeBuild"): _BUILD,
    ("Deploy", "CloudFormation"): Provider(
        _keys("ActionMode StackName"), _keys(_STACK), (0, 10), (0, 1), 3 * _DAY
    ),
    ("Approval", "Manual"): Provider(
        frozenset(),
        _keys("CustomData ExternalEntityLink NotificationArn"),
        (0, 0),
        (0, 0),
        7 * _DAY,
    ),
}

RULES: Mapping[str, Provider] = {
    "VariableCheck": Provider(_keys("Variable Value Operator"), frozenset(), (0, 0), (0, 0), _HOUR),
    "DeploymentWindow": Provider(_keys("Cron"), _keys("TimeZone"), (0, 0), (0, 0), 60 * _DAY),
    "CloudWatchAlarm": Provider(
        _keys("AlarmName"), _keys("AlarmStates WaitTime"), (0, 0), (0, 0), 2 * _DAY
    ),
    "CodeBuild": Provider(
        _keys("ProjectName"),
        _keys("PrimarySource EnvironmentVariables"),
        (1, 5),
        (0, 0),
        36 * _HOUR,
    ),
}
SKIPPING = ("VariableCheck", "LambdaInvoke")
"""The rules of conditions that skip a stage, as on AWS."""


def provider_of(declared: Mapping[str, Any]) -> Provider:
    """Return the provider of an action or a rule."""
    if "ruleTypeId" in declared:
        return RULES[declared["ruleTypeId"]["provider"]]
    kind = declared["actionTypeId"]
    return PROVIDERS[kind["category"], kind["provider"]]


def timeout_of(declared: Mapping[str, Any]) -> float:
    """Return how many seconds an action or rule may take."""
    minutes = declared.get("timeoutInMinutes")
    return 60.0 * int(minutes) if minutes else provider_of(declared).seconds
