"""SageMaker's monitoring job definitions for the quality of models."""

from landrail.inventory.sagemaker import definitions

TABLE = definitions("ModelQuality", "sagemaker_model_quality_job_definitions")
