"""SageMaker: jobs that run, endpoints that answer, and the model registry."""

from landrail.localaws.services.sagemaker.service import SageMaker

build = SageMaker

__all__ = ["SageMaker", "build"]
