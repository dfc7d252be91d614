"""Guardrail: only a release changes endpoints."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import RELEASERS
from landrail.guardrails.statements import Statement, deny

_KINDS = ("endpoint", "endpoint-config", "inference-component", "model")
_CHANGES = ("Create", "Delete", "Update")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    changes = sorted({name for kind in _KINDS for name in writes_on("sagemaker", kind)})
    served = ("Endpoint", "EndpointConfig", "InferenceComponent", "Model")
    wanted = tuple(
        name
        for name in changes
        if name.startswith(_CHANGES) and name.removeprefix(name[:6]).startswith(served)
    )
    return (deny(narrow("sagemaker", wanted), unless=RELEASERS),)


GUARDRAIL = Guardrail(
    id="sagemaker-protect-endpoints",
    title="only a release changes endpoints",
    why="an endpoint that is changed by hand serves what nobody tested",
    severity="critical",
    remedy="push to the model's repository; its pipeline releases it",
    kinds=("uat", "production"),
    service_control=_statements,
    recommended=False,
)
