"""S3's condition keys, from the parameters that carry them.

Source: Service Authorization Reference, "Condition keys for Amazon S3".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from landrail.localaws.gateway.requests.arns import at_path
from landrail.localaws.gateway.requests.tags import request_tags
from landrail.localaws.gateway.requests.values import ContextValue

_KEYS = {
    "ACL": "s3:x-amz-acl",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "GrantRead": "s3:x-amz-grant-read",
    "GrantReadACP": "s3:x-amz-grant-read-acp",
    "GrantWrite": "s3:x-amz-grant-write",
    "GrantWriteACP": "s3:x-amz-grant-write-acp",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "StorageClass": "s3:x-amz-storage-class",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "CopySource": "s3:x-amz-copy-source",
    "WebsiteRedirectLocation": "s3:x-amz-website-redirect-location",
    "ObjectOwnership": "s3:x-amz-object-ownership",
    "VersionId": "s3:VersionId",
    "Prefix": "s3:prefix",
    "Delimiter": "s3:delimiter",
    "MaxKeys": "s3:max-keys",
    "ObjectLockMode": "s3:object-lock-mode",
    "ObjectLockLegalHoldStatus": "s3:object-lock-legal-hold",
    "ObjectLockRetainUntilDate": "s3:object-lock-retain-until-date",
    "IfNoneMatch": "s3:if-none-match",
    "IfMatch": "s3:if-match",
    "AnnotationPrefix": "s3:annotation-prefix",
    "MaxAnnotationResults": "s3:max-annotation-results",
    "ObjectAnnotationDirective": "s3:x-amz-object-annotation-directive",
    "ObjectIfMatch": "s3:x-amz-object-if-match",
    "BucketNamespace": "s3:x-amz-bucket-namespace",
}
_NESTED = {
    "s3:object-lock-mode": "Retention.Mode",
    "s3:object-lock-retain-until-date": "Retention.RetainUntilDate",
    "s3:object-lock-legal-hold": "LegalHold.Status",
}
_LOCATION = "CreateBucketConfiguration.LocationConstraint"
_MAKES_OBJECTS = ("PutObject", "CopyObject", "CompleteMultipartUpload")
_OF_UPLOADS = ("CreateMultipartUpload", "UploadPart", "UploadPartCopy")
_DAY = 86_400


def object_keys(operation: str, params: Mapping[str, Any]) -> dict[str, ContextValue]:
    """Return the keys of a request; a key whose parameter is not given is absent."""
    context: dict[str, ContextValue] = {}
    for name, key in _KEYS.items():
        value = params.get(name)
        if value is None or (value == "" and name != "Prefix"):
            continue
        context[key] = _text(value)
    if "CopySource" in params:
        # The header may begin with a slash and be encoded: policies know `BUCKET/KEY`.
        copied = unquote(str(context.get("s3:x-amz-copy-source", "")))
        context["s3:x-amz-copy-source"] = copied.lstrip("/")
    for key, path in (*_NESTED.items(), ("s3:LocationConstraint", _LOCATION)):
        value = at_path(params, path)
        if value:
            context[key] = _text(value)
    days = _days_locked(params.get("ObjectLockRetainUntilDate"), params.get("Retention"))
    if days is not None:
        context["s3:object-lock-remaining-retention-days"] = str(days)
    if operation in (*_MAKES_OBJECTS, *_OF_UPLOADS):
        context["s3:ObjectCreationOperation"] = _text(operation in _MAKES_OBJECTS)
    fields = at_path(params, "InventoryConfiguration.OptionalFields")
    if fields:
        context["s3:InventoryAccessibleOptionalFields"] = tuple(str(f) for f in fields)
    tags = request_tags({"Tagging": params["Tagging"]}) if params.get("Tagging") else {}
    for tag, text in tags.items():
        context[f"s3:RequestObjectTag/{tag}"] = text
    if tags:
        context["s3:RequestObjectTagKeys"] = tuple(tags)
    return context


def _days_locked(until: Any, retention: Any) -> int | None:
    """The whole days that a lock would last from now."""
    given = until or (retention or {}).get("RetainUntilDate")
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError:
            return None
    if not isinstance(given, datetime):
        return None
    if given.tzinfo is None:
        given = given.replace(tzinfo=UTC)
    return int((given - datetime.now(UTC)).total_seconds() // _DAY)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        version = value.get("VersionId")
        suffix = f"?versionId={version}" if version else ""
        return f"{value.get('Bucket')}/{value.get('Key')}{suffix}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
