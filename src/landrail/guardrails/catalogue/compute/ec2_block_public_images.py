"""Guardrail: no account can make an image or snapshot public."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail, OrganizationPolicy

GUARDRAIL = Guardrail(
    id="ec2-block-public-images",
    title="no account can make an image or snapshot public",
    why="one call makes a disk public in every region of the world",
    severity="critical",
    remedy="share inside of the organization",
    organization_policy=OrganizationPolicy(
        "DECLARATIVE_POLICY_EC2",
        {
            "ec2_attributes": {
                "image_block_public_access": {"state": {"@@assign": "block_new_sharing"}},
                "snapshot_block_public_access": {"state": {"@@assign": "block_all_sharing"}},
            }
        },
    ),
    detective=(
        Detective("ec2-image-block-public-access"),
        Detective("ebs-snapshot-block-public-access"),
    ),
    recommended=False,
)
