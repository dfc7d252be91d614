"""SageMaker's job definitions of one kind of monitor, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import job_definitions

RECORD = job_definitions("ModelBias", "sagemaker_model_bias_job_definitions")
