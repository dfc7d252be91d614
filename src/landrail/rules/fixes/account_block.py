"""Fix: the public access block of an account is made complete."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("s3-account-level-public-access-blocks-periodic",),
    says="close the account's buckets to everybody",
    calls=fixed_call(
        "s3control",
        "PutPublicAccessBlock",
        AccountId="{account}",
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    ),
    actions=("s3:PutAccountPublicAccessBlock",),
)
