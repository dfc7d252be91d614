"""Fix: no image of an account can be made public from now on."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("ec2-image-block-public-access",),
    says="block new public sharing of images",
    calls=fixed_call(
        "ec2", "EnableImageBlockPublicAccess", ImageBlockPublicAccessState="block-new-sharing"
    ),
    actions=("ec2:EnableImageBlockPublicAccess",),
)
