"""What each rule of a condition asks, by its provider; one that is not met raises ActionFailed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from landrail.localaws.services.codepipeline.actions.build import build
from landrail.localaws.services.codepipeline.actions.task import Outcome, Task
from landrail.localaws.services.codepipeline.rules.alarm import alarm
from landrail.localaws.services.codepipeline.rules.variable import variable
from landrail.localaws.services.codepipeline.rules.windows import window

JUDGE: Mapping[str, Callable[[Task], Outcome]] = {
    "CloudWatchAlarm": alarm,
    "CodeBuild": build,
    "DeploymentWindow": window,
    "VariableCheck": variable,
}
