"""Fix: a tag of an image stays with it."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("ecr-private-tag-immutability-enabled",),
    says="keep tags with their images",
    calls=fixed_call(
        "ecr", "PutImageTagMutability", repositoryName="{id}", imageTagMutability="IMMUTABLE"
    ),
    actions=("ecr:PutImageTagMutability",),
)
