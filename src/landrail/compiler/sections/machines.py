"""The machine roles of shared services, one for each stage of a line of business: who works in
development where a model has that stage, who releases to UAT, and who to production.

The release roles of the lines' accounts trust exactly these, so they stand alone in a stack that
waits for nothing; what they may do is attached by the stack of the line's pipelines.
"""

from __future__ import annotations

from collections.abc import Iterator

from landrail.compiler import kinds, site
from landrail.compiler.parts.roles import by_services, role, roles
from landrail.compiler.parts.templates import template
from landrail.resources import Stack
from landrail.spec import Platform

STAGES = ("uat", "production")
_LINES_A_STACK = 40


def compile_machines(platform: Platform) -> Iterator[Stack]:
    """Yield the stacks of the stages' pipeline roles; one until a template would be too large."""
    shared = platform.shared_services().name
    lines = platform.lines_of_business
    for number, start in enumerate(range(0, len(lines), _LINES_A_STACK), 1):
        named = [
            (name, role(name, by_services(shared, "codebuild.amazonaws.com", _CODEPIPELINE)))
            for lob in lines[start : start + _LINES_A_STACK]
            for name in (
                site.machine_role("pipeline", lob, stage) for stage in kinds.stages(platform, lob)
            )
        ]
        made = template(
            "Landrail: the pipelines' roles, one for each line and stage", roles(*named)
        )
        yield site.stack(platform, shared, concern(number), made)


def concern(number: int = 1) -> str:
    """Return what the n-th stack of pipeline roles is called."""
    return "pipeline-roles" if number == 1 else f"pipeline-roles-{number}"


def stack_of(platform: Platform, lob: str) -> str:
    """Return the concern of the stack that holds a line's pipeline roles."""
    return concern(platform.lines_of_business.index(lob) // _LINES_A_STACK + 1)


_CODEPIPELINE = "codepipeline.amazonaws.com"
