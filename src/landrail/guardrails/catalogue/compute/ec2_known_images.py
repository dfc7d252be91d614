"""Guardrail: instances start from images of known owners."""

from __future__ import annotations

from landrail.guardrails.guardrail import Facts, Guardrail, Option
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import Statement, deny


def _statements(facts: Facts) -> tuple[Statement, ...]:
    owners = facts.option("ec2-known-images")
    if not owners:
        return ()
    when = {"StringNotEquals": {"ec2:Owner": list(owners)}}
    images = "arn:aws:ec2:*::image/*"
    return (deny("ec2:RunInstances", images, unless=BREAK_GLASS_ONLY, when=when),)


GUARDRAIL = Guardrail(
    id="ec2-known-images",
    title="instances start from images of known owners",
    why="an image of a stranger runs a stranger's code",
    severity="high",
    remedy="take an image of an owner that the file names",
    service_control=_statements,
    recommended=False,
    option=Option("account ids, or `amazon`", r"\d{12}|amazon|aws-marketplace"),
)
