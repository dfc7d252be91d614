"""Guardrail: instances are made with version 2 of the metadata service by default."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail, OrganizationPolicy

GUARDRAIL = Guardrail(
    id="ec2-metadata-defaults",
    title="instances are made with version 2 of the metadata service by default",
    why="who forgets the option gets the old version",
    severity="medium",
    remedy="leave the default",
    organization_policy=OrganizationPolicy(
        "DECLARATIVE_POLICY_EC2",
        {
            "ec2_attributes": {
                "instance_metadata_defaults": {
                    "http_tokens": {"@@assign": "required"},
                    "http_put_response_hop_limit": {"@@assign": "2"},
                    "http_endpoint": {"@@assign": "no_preference"},
                    "instance_metadata_tags": {"@@assign": "no_preference"},
                }
            }
        },
    ),
    detective=(Detective("ec2-metadata-defaults"),),
    recommended=False,
)
