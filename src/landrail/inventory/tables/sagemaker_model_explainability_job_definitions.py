"""SageMaker's monitoring job definitions for why models answer as they do."""

from landrail.inventory.sagemaker import definitions

TABLE = definitions("ModelExplainability", "sagemaker_model_explainability_job_definitions")
