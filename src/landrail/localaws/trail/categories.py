"""Which events are events of data, and of which type, as CloudTrail's event selectors name it.

All others are management events. Source: CloudTrail User Guide, "Logging data events".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_OBJECT = "AWS::S3::Object"
_S3 = frozenset(
    {
        *("AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload"),
        *("DeleteObject", "DeleteObjects", "DeleteObjectTagging", "GetObject", "GetObjectAcl"),
        *("GetObjectAttributes", "GetObjectLegalHold", "GetObjectRetention", "GetObjectTagging"),
        *("GetObjectTorrent", "HeadBucket", "HeadObject", "ListMultipartUploads", "ListObjects"),
        *("ListObjectsV2", "ListObjectVersions", "ListParts", "PutObject", "PutObjectAcl"),
        *("PutObjectLegalHold", "PutObjectRetention", "PutObjectTagging", "RestoreObject"),
        *("SelectObjectContent", "UploadPart", "UploadPartCopy"),
    }
)
_ITEMS = frozenset(
    {
        *("BatchExecuteStatement", "BatchGetItem", "BatchWriteItem", "DeleteItem"),
        *("ExecuteStatement", "ExecuteTransaction", "GetItem", "PutItem", "Query", "Scan"),
        *("TransactGetItems", "TransactWriteItems", "UpdateItem"),
    }
)
_TYPES: Mapping[str, tuple[str, frozenset[str]]] = {
    "s3.amazonaws.com": (_OBJECT, _S3),
    "dynamodb.amazonaws.com": ("AWS::DynamoDB::Table", _ITEMS),
    "lambda.amazonaws.com": ("AWS::Lambda::Function", frozenset({"Invoke", "InvokeAsync"})),
    "sagemaker.amazonaws.com": (
        "AWS::SageMaker::Endpoint",
        frozenset({"InvokeEndpoint", "InvokeEndpointAsync", "InvokeEndpointWithResponseStream"}),
    ),
    "sns.amazonaws.com": ("AWS::SNS::Topic", frozenset({"Publish", "PublishBatch"})),
    "sqs.amazonaws.com": (
        "AWS::SQS::Queue",
        frozenset(
            {
                *("ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "DeleteMessage"),
                *("DeleteMessageBatch", "ReceiveMessage", "SendMessage", "SendMessageBatch"),
            }
        ),
    ),
    "monitoring.amazonaws.com": (
        "AWS::CloudWatch::Metric",
        frozenset({"GetMetricData", "GetMetricStatistics", "ListMetrics", "PutMetricData"}),
    ),
}


def data_type(entry: Mapping[str, Any]) -> str | None:
    """Return the resource type of a data event (`AWS::S3::Object`); None for management events."""
    known = _TYPES.get(entry["eventSource"])
    return known[0] if known is not None and entry["eventName"] in known[1] else None
