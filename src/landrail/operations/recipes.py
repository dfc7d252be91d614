"""What is known of the models of a file: the recipes of repositories that lie beside it, and the
template that every model is served by. Both are held to the guardrails before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.compiler import compile_platform, diagnose
from landrail.compiler.guardrails.proactive import Template, check_templates
from landrail.compiler.site import account_of
from landrail.compiler.site import repository as repository_of
from landrail.diagnostics import Diagnostic, Mistakes, Severity
from landrail.operations.model.recipe import read_recipe
from landrail.operations.model.serving import template
from landrail.operations.project import Project
from landrail.resources import Wanted

_STAGES = ("uat", "production")


def compile_project(project: Project) -> Wanted:
    """Return everything that a file wants; raises Mistakes with what AWS or its own guardrails
    would refuse."""
    wanted = compile_platform(project.document, instance_types(project))
    wrong = [one for one in served(project) if one.severity is Severity.ERROR]
    if wrong:
        raise Mistakes(wrong)
    return wanted


def diagnose_project(project: Project, wanted: Wanted) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong or worth knowing of what was compiled of a file."""
    found = diagnose(project.document, wanted, instance_types(project))
    return (*found, *served(project))


def instance_types(project: Project) -> dict[str, str]:
    """Return what each model runs on whose repository lies beside the file; what is wrong with a
    recipe is told by its own pipeline."""
    known: dict[str, str] = {}
    for model, entry in project.document.models.items():
        if entry.connection is not None:
            continue
        repository = project.folder / repository_of(project.document, model)
        if (repository / "pyproject.toml").is_file():
            try:
                known[model] = read_recipe(repository).instance_type
            except Mistakes:
                continue
    return known


def served(project: Project) -> Iterator[Diagnostic]:
    """Yield what the stacks of models have against the guardrails of their accounts."""
    document = project.document
    local = document.target.is_local
    templates = (
        Template(
            account_of(document, kind, document.teams[entry.team].lob),
            name,
            template(deploy={} if kind not in _STAGES else entry.deployed.said(local=local)),
        )
        for model, entry in document.models.items()
        if "online" in entry.serve
        for kind in (entry.development, *_STAGES)
        if kind != "none"
        for name in [f"the stack of model `{model}` in {kind}"]
    )
    yield from check_templates(document, templates)
