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
).record(
    "sagemaker_endpoint_configs",
    "AWS::SageMaker::EndpointConfig",
    # Recorded items of old have none of these: then what they would say is not known.
    only_where={
        "AsyncInferenceConfig": ("asynchronous", "output_key"),
        "ShadowProductionVariants": ("instance_types", "serverless"),
        "EnableNetworkIsolation": ("network_isolation",),
    },
)
