"""Guardrail: AWS's AI services do not learn from our data."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail, OrganizationPolicy

GUARDRAIL = Guardrail(
    id="ai-services-opt-out",
    title="AWS's AI services do not learn from our data",
    why="what they learn from stays with AWS, elsewhere perhaps",
    severity="medium",
    remedy="nothing is to be done",
    organization_policy=OrganizationPolicy(
        "AISERVICES_OPT_OUT_POLICY",
        {
            "services": {
                "@@operators_allowed_for_child_policies": ["@@none"],
                "default": {
                    "@@operators_allowed_for_child_policies": ["@@none"],
                    "opt_out_policy": {
                        "@@operators_allowed_for_child_policies": ["@@none"],
                        "@@assign": "optOut",
                    },
                },
            }
        },
    ),
    recommended=False,
)
