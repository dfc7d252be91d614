"""The catalogue of guardrails: what must hold on the platform, and what keeps it so.

Each guardrail is a value in a small file: preventive statements (derived from AWS's
service-authorization data where they list actions), detective Config rules, a remedy, and the OUs
it belongs to. How statements become policies is the compiler's business.
"""

from landrail.guardrails import (
    buckets,
    machine_roles,
    organization,
    regions,
    release,
    sign_in,
    trail,
)
from landrail.guardrails.guardrail import ROOT, DetectiveRule, Facts, Guardrail

RECOMMENDED: tuple[Guardrail, ...] = (
    organization.LEAVE,
    organization.POLICIES,
    organization.ROOT_USER,
    machine_roles.GUARDRAIL,
    sign_in.GUARDRAIL,
    trail.TRAIL,
    trail.RECORDER,
    regions.GUARDRAIL,
    buckets.PUBLIC,
    buckets.ENCRYPTED,
    buckets.VERSIONED,
    buckets.POLICIES,
    buckets.TLS,
    release.APPROVAL,
    trail.LOGS,
    release.PIPELINES,
    release.MODELS,
    release.DATA,
    organization.SUSPENDED,
)

__all__ = ["RECOMMENDED", "ROOT", "DetectiveRule", "Facts", "Guardrail"]
