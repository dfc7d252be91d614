"""Fix: no snapshot of an account is public in a region, whoever made it so."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("ebs-snapshot-block-public-access",),
    says="block public sharing of snapshots",
    calls=fixed_call("ec2", "EnableSnapshotBlockPublicAccess", State="block-all-sharing"),
    actions=("ec2:EnableSnapshotBlockPublicAccess",),
)
