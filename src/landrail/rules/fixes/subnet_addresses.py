"""Fix: instances get no public address in a subnet unasked."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("subnet-auto-assign-public-ip-disabled",),
    says="give new instances no public address unasked",
    calls=fixed_call(
        "ec2", "ModifySubnetAttribute", SubnetId="{id}", MapPublicIpOnLaunch={"Value": False}
    ),
    actions=("ec2:ModifySubnetAttribute",),
)
