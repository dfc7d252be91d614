"""The catalogue of guardrails: what must hold on the platform, and what keeps it so.

Each guardrail is a value in a small file: preventive statements (derived from AWS's
service-authorization data where they list actions), detective Config rules, a remedy, and the OUs
it belongs to. How statements become policies is the compiler's business.
"""

from landrail.guardrails import (
    alarms,
    buckets,
    catalog,
    machine_roles,
    network,
    organization,
    regions,
    release,
    sign_in,
    stacks,
    studio,
    trail,
    users,
)
from landrail.guardrails.guardrail import ROOT, DetectiveRule, Facts, Guardrail

RECOMMENDED: tuple[Guardrail, ...] = (
    organization.LEAVE,
    organization.POLICIES,
    organization.ROOT_USER,
    machine_roles.GUARDRAIL,
    sign_in.GUARDRAIL,
    users.GUARDRAIL,
    trail.TRAIL,
    trail.RECORDER,
    stacks.STACKS,
    alarms.RULES,
    network.PARAMETERS,
    network.VOLUMES,
    regions.GUARDRAIL,
    buckets.PUBLIC,
    buckets.ENCRYPTED,
    buckets.VERSIONED,
    buckets.SETTINGS,
    buckets.TLS,
    release.APPROVAL,
    trail.LOGS,
    alarms.RECEIVERS,
    release.PIPELINES,
    catalog.GUARDRAIL,
    studio.GUARDRAIL,
    network.PRIVATE,
    release.MODELS,
    release.SCALING,
    stacks.RELEASES,
    release.DATA,
    release.JOB_LOGS,
    organization.SUSPENDED,
)

__all__ = ["RECOMMENDED", "ROOT", "DetectiveRule", "Facts", "Guardrail"]
