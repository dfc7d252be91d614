"""Fix: versioning of a bucket is switched on."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("s3-bucket-versioning-enabled",),
    says="switch versioning on",
    calls=fixed_call(
        "s3", "PutBucketVersioning", Bucket="{id}", VersioningConfiguration={"Status": "Enabled"}
    ),
    actions=("s3:PutBucketVersioning",),
)
