"""`landrail model step prepare`: leave what the stage's endpoint is made of, for a candidate that
was trained or registered before."""

from __future__ import annotations

from landrail.operations.model.artifacts import Candidate, read_candidate
from landrail.operations.model.pins import check_registered
from landrail.operations.model.serving import write_deployment
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage

_PARAMETERS = {"development": "development", "uat": "staging", "production": "production"}


def prepare(settings: Settings, stage: Stage) -> Candidate:
    """Write template and parameters of the endpoint; raises Mistakes where a candidate of UAT is
    not the version that the registry has."""
    candidate = read_candidate()
    if not settings.in_development:
        sagemaker = stage.client("sagemaker")
        version = sagemaker.describe_model_package(ModelPackageName=candidate.package)
        check_registered(candidate, version)
    write_deployment(
        settings,
        stage,
        candidate,
        endpoint=settings[Variable.ENDPOINT],
        name=_PARAMETERS[settings[Variable.STAGE]],
    )
    return candidate
