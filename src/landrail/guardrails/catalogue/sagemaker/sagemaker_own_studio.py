"""Guardrail: everybody opens the Studio, notebook and apps of their own alone."""

from __future__ import annotations

from landrail.guardrails.actions import actions, narrow
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import Statement, deny

_OWNER = "aws:ResourceTag/landrail:owner"


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    opens = tuple(name for name in actions("sagemaker") if "Presigned" in name)
    every = narrow("sagemaker", tuple(sorted(opens)))
    exempt = BREAK_GLASS_ONLY
    another = {"StringNotLike": {"aws:userid": f"*:${{{_OWNER}}}"}}
    return (
        deny(every, unless=exempt, when=another),
        deny(every, unless=exempt, when={"Null": {_OWNER: "true"}}),
    )


GUARDRAIL = Guardrail(
    id="sagemaker-own-studio",
    title="everybody opens the Studio, notebook and apps of their own alone",
    why="in another's notebook one acts under another person's name",
    severity="high",
    remedy="have the profile or notebook tagged with your name under `landrail:owner`",
    kinds=("data-science", "development"),
    service_control=_statements,
)
