"""SageMaker models, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Described

RECORD = Described(
    service="sagemaker",
    list="ListModels",
    member="Models",
    name="ModelName",
    arn="ModelArn",
    describe="DescribeModel",
).record("sagemaker_models", "AWS::SageMaker::Model")
