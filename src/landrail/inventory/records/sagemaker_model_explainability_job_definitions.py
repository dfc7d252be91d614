"""SageMaker's job definitions of one kind of monitor, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import job_definitions

RECORD = job_definitions("ModelExplainability", "sagemaker_model_explainability_job_definitions")
