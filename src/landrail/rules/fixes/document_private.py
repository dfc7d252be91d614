"""Fix: a document is taken back from everybody."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("ssm-document-not-public",),
    says="take the document back from everybody",
    calls=fixed_call(
        "ssm",
        "ModifyDocumentPermission",
        Name="{id}",
        PermissionType="Share",
        AccountIdsToRemove=["all"],
    ),
    actions=("ssm:ModifyDocumentPermission",),
)
