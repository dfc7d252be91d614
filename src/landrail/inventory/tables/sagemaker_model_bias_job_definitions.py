"""SageMaker's monitoring job definitions for the bias of models."""

from landrail.inventory.sagemaker import definitions

TABLE = definitions("ModelBias", "sagemaker_model_bias_job_definitions")
