"""Guardrail: nobody turns access control lists on."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.must import both
from landrail.guardrails.perimeter import BY_HAND
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

# Whoever makes a bucket and names its ownership is asked for this too, under the key of that
# request. A call that changes a bucket carries no such key, and is denied whatever it asks for; so
# would the former be, should AWS not tell the key there.
_OTHER = {"StringNotEquals": {"s3:x-amz-object-ownership": "BucketOwnerEnforced"}}

GUARDRAIL = Guardrail(
    id="s3-keep-ownership",
    title="nobody turns access control lists on",
    why="lists that are off grant nothing; those that are turned on grant again what they did",
    severity="medium",
    remedy=(
        "leave ObjectOwnership out, or name BucketOwnerEnforced when the bucket is made or in its "
        "stack"
    ),
    service_control=fixed(
        deny(
            "s3:PutBucketOwnershipControls",
            unless=BREAK_GLASS_AND_PLATFORM,
            when=both(BY_HAND, _OTHER),
        )
    ),
    detective=(Detective("s3-bucket-owner-enforced"),),
)
