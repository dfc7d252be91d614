"""S3's condition keys, from the parameters that carry them.

Source: Service Authorization Reference, "Condition keys for Amazon S3".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
}


def object_keys(params: Mapping[str, Any]) -> dict[str, ContextValue]:
    """Return the keys of a request; a key whose parameter is not given is absent."""
    context: dict[str, ContextValue] = {}
    for name, key in _KEYS.items():
        value = params.get(name)
        if value is None or (value == "" and name != "Prefix"):
            continue
        context[key] = _text(value)
    location = (params.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if location:
        context["s3:LocationConstraint"] = str(location)
    tags = request_tags({"Tagging": params["Tagging"]}) if params.get("Tagging") else {}
    for tag, text in tags.items():
        context[f"s3:RequestObjectTag/{tag}"] = text
    if tags:
        context["s3:RequestObjectTagKeys"] = tuple(tags)
    return context


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        version = value.get("VersionId")
        suffix = f"?versionId={version}" if version else ""
        return f"/{value.get('Bucket')}/{value.get('Key')}{suffix}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
