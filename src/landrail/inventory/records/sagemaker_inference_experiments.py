"""SageMaker inference experiments, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Described

RECORD = Described(
    service="sagemaker",
    list="ListInferenceExperiments",
    member="InferenceExperiments",
    name="Name",
    arn="Arn",
    describe="DescribeInferenceExperiment",
).record("sagemaker_inference_experiments", "AWS::SageMaker::InferenceExperiment")
