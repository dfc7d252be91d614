"""The way from the file to everything that it wants in AWS: one pure function.

Each section yields its resources; what AWS would refuse for its size is found here, all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from landrail.compiler import checks, limits, parameters
from landrail.compiler.guardrails import findings, proactive, quotas
from landrail.compiler.guardrails.lockout import check as lockout
from landrail.compiler.guardrails.unattached import unattached
from landrail.compiler.organization import compile_organization
from landrail.compiler.sections.alarms import compile_alarms
from landrail.compiler.sections.artifacts import compile_artifacts
from landrail.compiler.sections.baseline import compile_baseline
from landrail.compiler.sections.detect import compile_detect
from landrail.compiler.sections.finding import compile_finding
from landrail.compiler.sections.governance import compile_governance
from landrail.compiler.sections.lake import compile_lake
from landrail.compiler.sections.log_archive import compile_log_archive
from landrail.compiler.sections.machines import compile_machines
from landrail.compiler.sections.network import compile_network
from landrail.compiler.sections.packages import compile_packages
from landrail.compiler.sections.pipelines import compile_pipelines
from landrail.compiler.sections.registry import compile_registry
from landrail.compiler.sections.science_roles import compile_science_roles
from landrail.compiler.sections.stage_roles import compile_stage_roles
from landrail.compiler.sections.storage import compile_storage
from landrail.compiler.sections.studio import compile_studio
from landrail.compiler.sections.team_roles import compile_team_roles
from landrail.compiler.sections.trail import compile_trail
from landrail.diagnostics import Diagnostic, Mistakes, Severity
from landrail.resources import AccountDefaults, Resource, Wanted
from landrail.spec import Platform

Section = Callable[[Platform], Iterable[Resource]]


def _defaults(platform: Platform) -> Iterator[AccountDefaults]:
    for made in platform.accounts_made():
        yield AccountDefaults(made.name, platform.region)


SECTIONS: tuple[Section, ...] = (
    compile_organization,
    compile_governance,
    _defaults,
    compile_baseline,
    compile_log_archive,
    compile_trail,
    compile_detect,
    compile_alarms,
    compile_machines,
    compile_network,
    compile_stage_roles,
    compile_science_roles,
    compile_storage,
    compile_studio,
    compile_lake,
    compile_packages,
    compile_finding,
    compile_team_roles,
    compile_artifacts,
    compile_registry,
    compile_pipelines,
)


def compile_platform(document: Platform, instance_types: Mapping[str, str] | None = None) -> Wanted:
    """Return everything the file wants; raises Mistakes naming all that AWS would refuse.
    `instance_types` has by model what its recipe names, where that is known."""
    wanted = wanted_of(document)
    found = diagnose(document, wanted, instance_types)
    errors = [one for one in found if one.severity is Severity.ERROR]
    if errors:
        raise Mistakes(errors)
    return wanted


def wanted_of(document: Platform) -> Wanted:
    """Return everything the file wants, unchecked."""
    made = tuple(resource for section in SECTIONS for resource in section(document))
    return Wanted(document.platform, document.region, made, unattached(document))


def diagnose(
    document: Platform, wanted: Wanted, instance_types: Mapping[str, str] | None = None
) -> tuple[Diagnostic, ...]:
    """Return what is wrong, or will be on organizations with older quotas (warnings)."""
    place = document.where("platform")
    found = (
        *checks.check(document, wanted),
        *limits.check(document, wanted),
        *parameters.check(document, wanted),
        *quotas.check(document, wanted),
        *findings.check(document),
        *(lockout.check(document, wanted, instance_types) if findings.fits(document) else ()),
        *proactive.check(document, wanted),
    )
    return tuple(d if d.source else replace(d, source=place) for d in found)
