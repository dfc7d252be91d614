"""Where in the file a stack comes from, for mistakes that show only in what was compiled.

Knows the names of stacks and the sections of the file; not what is wrong with a stack.
"""

from __future__ import annotations

from landrail.compiler import site
from landrail.diagnostics import SourceRange
from landrail.resources import Stack
from landrail.spec import Platform

_WITH_PIPELINES = ("pipeline", "parts")
_OF_A_MODEL = (*_WITH_PIPELINES, "registry")


def has_pipelines(platform: Platform, stack: Stack) -> bool:
    """Whether a stack is one of a model's pipelines."""
    return _model(platform, stack, _WITH_PIPELINES) is not None


def place_of(platform: Platform, stack: Stack) -> SourceRange | None:
    """Return the place of the model or data set whose stack it is, else that of the platform."""
    model = _model(platform, stack, _OF_A_MODEL)
    if model is not None:
        return platform.where("models", model)
    for dataset in platform.datasets:
        if stack.name == site.stack_name(f"dataset-{dataset}"):
            return platform.where("datasets", dataset)
    return platform.where("platform")


def _model(platform: Platform, stack: Stack, concerns: tuple[str, ...]) -> str | None:
    """Return the model whose alone a stack of some concerns is."""
    for model in platform.models:
        if stack.name in {site.stack_name(f"{concern}-{model}") for concern in concerns}:
            return model
    return None
