"""SageMaker Runtime: `InvokeEndpoint` handed on to the endpoint's processes."""

from landrail.localaws.services.sagemaker_runtime.service import SageMakerRuntime

build = SageMakerRuntime

__all__ = ["SageMakerRuntime", "build"]
