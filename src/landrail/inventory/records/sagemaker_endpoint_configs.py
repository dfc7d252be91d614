"""SageMaker endpoint configurations, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Described

RECORD = Described(
    service="sagemaker",
    list="ListEndpointConfigs",
    member="EndpointConfigs",
    name="EndpointConfigName",
    arn="EndpointConfigArn",
    describe="DescribeEndpointConfig",
).record("sagemaker_endpoint_configs", "AWS::SageMaker::EndpointConfig")
