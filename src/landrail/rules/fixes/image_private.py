"""Fix: an image is taken back from everybody."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("ec2-image-public",),
    says="take the image back from everybody",
    calls=fixed_call(
        "ec2",
        "ModifyImageAttribute",
        ImageId="{id}",
        LaunchPermission={"Remove": [{"Group": "all"}]},
    ),
    actions=("ec2:ModifyImageAttribute",),
)
