"""SageMaker feature groups, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Described

RECORD = Described(
    service="sagemaker",
    list="ListFeatureGroups",
    member="FeatureGroupSummaries",
    name="FeatureGroupName",
    arn="FeatureGroupArn",
    describe="DescribeFeatureGroup",
    left_out=("FeatureGroupArn", "OfflineStoreStatus", "NextToken"),
).record("sagemaker_feature_groups", "AWS::SageMaker::FeatureGroup")
