"""Fix: a project's builds are for the account alone."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("codebuild-project-not-public",),
    says="show builds to the account alone",
    calls=fixed_call(
        "codebuild", "UpdateProjectVisibility", projectArn="{arn}", projectVisibility="PRIVATE"
    ),
    actions=("codebuild:UpdateProjectVisibility",),
)
