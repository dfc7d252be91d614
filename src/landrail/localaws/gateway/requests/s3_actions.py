"""Which S3 action an operation asks for: on an object (without and with a version), on a bucket.

Every operation of S3 is in one of the tables, or resolved in `s3`.
"""

from __future__ import annotations

from collections.abc import Mapping

OBJECT_ACTIONS: Mapping[str, tuple[str, str]] = {
    "GetObject": ("GetObject", "GetObjectVersion"),
    "HeadObject": ("GetObject", "GetObjectVersion"),
    "SelectObjectContent": ("GetObject", "GetObject"),
    "GetObjectAcl": ("GetObjectAcl", "GetObjectVersionAcl"),
    "GetObjectAttributes": ("GetObjectAttributes", "GetObjectVersionAttributes"),
    "GetObjectLegalHold": ("GetObjectLegalHold", "GetObjectLegalHold"),
    "GetObjectRetention": ("GetObjectRetention", "GetObjectRetention"),
    "GetObjectTagging": ("GetObjectTagging", "GetObjectVersionTagging"),
    "GetObjectTorrent": ("GetObjectTorrent", "GetObjectVersionTorrent"),
    "PutObject": ("PutObject", "PutObject"),
    "CopyObject": ("PutObject", "PutObject"),
    "CreateMultipartUpload": ("PutObject", "PutObject"),
    "UploadPart": ("PutObject", "PutObject"),
    "UploadPartCopy": ("PutObject", "PutObject"),
    "CompleteMultipartUpload": ("PutObject", "PutObject"),
    "AbortMultipartUpload": ("AbortMultipartUpload", "AbortMultipartUpload"),
    "ListParts": ("ListMultipartUploadParts", "ListMultipartUploadParts"),
    "PutObjectAcl": ("PutObjectAcl", "PutObjectVersionAcl"),
    "PutObjectLegalHold": ("PutObjectLegalHold", "PutObjectLegalHold"),
    "PutObjectRetention": ("PutObjectRetention", "PutObjectRetention"),
    "PutObjectTagging": ("PutObjectTagging", "PutObjectVersionTagging"),
    "DeleteObject": ("DeleteObject", "DeleteObjectVersion"),
    "DeleteObjectTagging": ("DeleteObjectTagging", "DeleteObjectVersionTagging"),
    "RestoreObject": ("RestoreObject", "RestoreObject"),
    "GetObjectAnnotation": ("GetObjectAnnotation", "GetObjectVersionAnnotation"),
    "PutObjectAnnotation": ("PutObjectAnnotation", "PutObjectVersionAnnotation"),
    "DeleteObjectAnnotation": ("DeleteObjectAnnotation", "DeleteObjectVersionAnnotation"),
    "ListObjectAnnotations": ("ListObjectAnnotations", "ListObjectVersionAnnotations"),
    "UpdateObjectEncryption": ("UpdateObjectEncryption", "UpdateObjectEncryption"),
}

_SAME = """
CreateBucket DeleteBucket DeleteBucketPolicy DeleteBucketWebsite GetBucketAcl GetBucketLocation
GetBucketLogging GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus
GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite PutBucketAcl
PutBucketLogging PutBucketOwnershipControls PutBucketPolicy PutBucketRequestPayment
PutBucketTagging PutBucketVersioning PutBucketWebsite GetBucketAbac PutBucketAbac
CreateBucketMetadataTableConfiguration GetBucketMetadataTableConfiguration
DeleteBucketMetadataTableConfiguration UpdateBucketMetadataJournalTableConfiguration
UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataAnnotationTableConfiguration
"""

BUCKET_ACTIONS: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in _SAME.split()},
    "GetBucketAccelerateConfiguration": ("GetAccelerateConfiguration",),
    "PutBucketAccelerateConfiguration": ("PutAccelerateConfiguration",),
    "GetBucketAnalyticsConfiguration": ("GetAnalyticsConfiguration",),
    "ListBucketAnalyticsConfigurations": ("GetAnalyticsConfiguration",),
    "PutBucketAnalyticsConfiguration": ("PutAnalyticsConfiguration",),
    "DeleteBucketAnalyticsConfiguration": ("PutAnalyticsConfiguration",),
    "GetBucketIntelligentTieringConfiguration": ("GetIntelligentTieringConfiguration",),
    "ListBucketIntelligentTieringConfigurations": ("GetIntelligentTieringConfiguration",),
    "PutBucketIntelligentTieringConfiguration": ("PutIntelligentTieringConfiguration",),
    "DeleteBucketIntelligentTieringConfiguration": ("PutIntelligentTieringConfiguration",),
    "GetBucketInventoryConfiguration": ("GetInventoryConfiguration",),
    "ListBucketInventoryConfigurations": ("GetInventoryConfiguration",),
    "PutBucketInventoryConfiguration": ("PutInventoryConfiguration",),
    "DeleteBucketInventoryConfiguration": ("PutInventoryConfiguration",),
    "GetBucketMetricsConfiguration": ("GetMetricsConfiguration",),
    "ListBucketMetricsConfigurations": ("GetMetricsConfiguration",),
    "PutBucketMetricsConfiguration": ("PutMetricsConfiguration",),
    "DeleteBucketMetricsConfiguration": ("PutMetricsConfiguration",),
    "GetBucketCors": ("GetBucketCORS",),
    "PutBucketCors": ("PutBucketCORS",),
    "DeleteBucketCors": ("PutBucketCORS",),
    "GetBucketEncryption": ("GetEncryptionConfiguration",),
    "PutBucketEncryption": ("PutEncryptionConfiguration",),
    "DeleteBucketEncryption": ("PutEncryptionConfiguration",),
    "GetBucketLifecycle": ("GetLifecycleConfiguration",),
    "GetBucketLifecycleConfiguration": ("GetLifecycleConfiguration",),
    "PutBucketLifecycle": ("PutLifecycleConfiguration",),
    "PutBucketLifecycleConfiguration": ("PutLifecycleConfiguration",),
    "DeleteBucketLifecycle": ("PutLifecycleConfiguration",),
    "GetBucketNotification": ("GetBucketNotification",),
    "GetBucketNotificationConfiguration": ("GetBucketNotification",),
    "PutBucketNotification": ("PutBucketNotification",),
    "PutBucketNotificationConfiguration": ("PutBucketNotification",),
    "DeleteBucketOwnershipControls": ("PutBucketOwnershipControls",),
    "GetBucketReplication": ("GetReplicationConfiguration",),
    "PutBucketReplication": ("PutReplicationConfiguration",),
    "DeleteBucketReplication": ("PutReplicationConfiguration",),
    "DeleteBucketTagging": ("PutBucketTagging",),
    "GetPublicAccessBlock": ("GetBucketPublicAccessBlock",),
    "PutPublicAccessBlock": ("PutBucketPublicAccessBlock",),
    "DeletePublicAccessBlock": ("PutBucketPublicAccessBlock",),
    "GetObjectLockConfiguration": ("GetBucketObjectLockConfiguration",),
    "PutObjectLockConfiguration": ("PutBucketObjectLockConfiguration",),
    "CreateBucketMetadataConfiguration": ("CreateBucketMetadataTableConfiguration",),
    "GetBucketMetadataConfiguration": ("GetBucketMetadataTableConfiguration",),
    "DeleteBucketMetadataConfiguration": ("DeleteBucketMetadataTableConfiguration",),
    "HeadBucket": ("ListBucket",),
    "ListObjects": ("ListBucket",),
    "ListObjectsV2": ("ListBucket",),
    "ListObjectVersions": ("ListBucketVersions",),
    "ListMultipartUploads": ("ListBucketMultipartUploads",),
}

EXPRESS_ACTIONS: Mapping[str, str] = {
    "CreateSession": "s3express:CreateSession",
    "RenameObject": "s3express:CreateSession",
}
"""Operations of directory buckets alone, which ask for a session on the bucket."""
