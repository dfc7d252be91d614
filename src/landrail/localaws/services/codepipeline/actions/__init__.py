"""What each provider's action does, by category and provider."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from landrail.localaws.services.codepipeline.actions.approval import approve
from landrail.localaws.services.codepipeline.actions.build import build
from landrail.localaws.services.codepipeline.actions.connection import from_connection
from landrail.localaws.services.codepipeline.actions.sources import from_codecommit, from_s3
from landrail.localaws.services.codepipeline.actions.stack import deploy
from landrail.localaws.services.codepipeline.actions.task import Outcome, Task

RUN: Mapping[tuple[str, str], Callable[[Task], Outcome]] = {
    ("Source", "CodeCommit"): from_codecommit,
    ("Source", "S3"): from_s3,
    ("Source", "CodeStarSourceConnection"): from_connection,
    ("Build", "CodeBuild"): build,
    ("Test", "CodeBuild"): build,
    ("Deploy", "CloudFormation"): deploy,
    ("Approval", "Manual"): approve,
}
