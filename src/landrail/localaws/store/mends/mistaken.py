"""Operations of S3 that moto takes for others: it looks at the parts of the query that it knows,
and does with the rest of the request what the path alone would mean. A deletion of a bucket's
metrics would delete the bucket, a look at an object's torrent would give the object.

They are refused here, whoever asks, or answered by our own S3 before they come here.
"""

from __future__ import annotations

MISTAKEN = frozenset(
    {
        *("CreateBucketMetadataConfiguration", "CreateBucketMetadataTableConfiguration"),
        *("CreateSession", "DeleteBucketAnalyticsConfiguration"),
        *("DeleteBucketIntelligentTieringConfiguration", "DeleteBucketInventoryConfiguration"),
        *("DeleteBucketMetadataConfiguration", "DeleteBucketMetadataTableConfiguration"),
        *("DeleteBucketMetricsConfiguration", "DeleteObjectAnnotation", "GetBucketAbac"),
        *("GetBucketAnalyticsConfiguration", "GetBucketIntelligentTieringConfiguration"),
        *("GetBucketMetadataConfiguration", "GetBucketMetadataTableConfiguration"),
        *("GetBucketMetricsConfiguration", "GetBucketRequestPayment", "GetObjectAnnotation"),
        *("GetObjectRetention", "GetObjectTorrent", "ListBucketAnalyticsConfigurations"),
        *("ListBucketIntelligentTieringConfigurations", "ListBucketMetricsConfigurations"),
        *("ListObjectAnnotations", "PutBucketAbac", "PutBucketAnalyticsConfiguration"),
        *("PutBucketIntelligentTieringConfiguration", "PutBucketMetricsConfiguration"),
        *("PutBucketRequestPayment", "PutObjectAnnotation", "RenameObject"),
        # It would need a package that is not there.
        "SelectObjectContent",
        *("UpdateBucketMetadataAnnotationTableConfiguration", "UpdateObjectEncryption"),
        "UpdateBucketMetadataInventoryTableConfiguration",
        "UpdateBucketMetadataJournalTableConfiguration",
    }
)
