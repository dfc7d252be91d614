"""Fix: a key rotates."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("cmk-backing-key-rotation-enabled",),
    says="switch rotation on",
    calls=fixed_call("kms", "EnableKeyRotation", KeyId="{id}"),
    actions=("kms:EnableKeyRotation",),
)
