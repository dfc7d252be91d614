"""Guardrail: topics are for identities of the organization."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail

GUARDRAIL = Guardrail(
    id="sns-shared-inside",
    title="topics are for identities of the organization",
    why="whoever may subscribe hears everything",
    severity="high",
    remedy="name roles in the topic's policy, or test aws:PrincipalOrgID",
    proactive=(templates.not_public("AWS::SNS::TopicPolicy", "PolicyDocument"),),
    detective=(
        Detective("sns-topic-no-public-access"),
        Detective("sns-topic-open-outside"),
    ),
)
