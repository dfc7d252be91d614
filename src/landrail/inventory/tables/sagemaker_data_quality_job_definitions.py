"""SageMaker's monitoring job definitions for the quality of data."""

from landrail.inventory.sagemaker import definitions

TABLE = definitions("DataQuality", "sagemaker_data_quality_job_definitions")
