"""Fix: new volumes are encrypted by default."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("ec2-ebs-encryption-by-default",),
    says="encrypt new volumes by default",
    calls=fixed_call("ec2", "EnableEbsEncryptionByDefault"),
    actions=("ec2:EnableEbsEncryptionByDefault",),
)
