"""The catalogue as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.guardrails.all import groups
from landrail.guardrails.forms import forms
from landrail.guardrails.guardrail import Guardrail


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    every = [one for _, found in groups() for one in found]
    unasked = sum(one.recommended for one in every)
    yield "# Guardrails"
    yield ""
    yield f"{len(every)} guardrails; the word `recommended` in the file stands for {unasked} of"
    yield "them, marked ●. Each has one or more forms: *SCP* (what our principals may do), *RCP*"
    yield "(what may be done to our resources), *policy* (a policy of Organizations of another"
    yield "type), *template* (a check of the CloudFormation templates in a plan), *rule* (a rule of"
    yield "Config and of the audit; *audit only* where Config has none). `landrail guardrails show"
    yield "ID` tells all of one, `landrail guardrails coverage` which actions each reaches. Made by"
    yield "`python -m landrail.guardrails > docs/guardrails.md`."
    for group, found in groups():
        yield ""
        yield f"## {group.replace('_', ' ').capitalize()}"
        yield ""
        yield "| id | holds | severity | where | forms | called elsewhere |"
        yield "|---|---|---|---|---|---|"
        yield from (_row(one) for one in found)


def _row(one: Guardrail) -> str:
    named = one.frameworks
    elsewhere = (*named.control_tower, *named.security_hub, *named.conformance_packs)
    mark = " ●" if one.recommended else ""
    cells = (
        f"`{one.id}`{mark}",
        f"{one.title}; takes {one.option.about}" if one.option else one.title,
        one.severity,
        ", ".join(one.kinds),
        ", ".join(forms(one)),
        ", ".join(elsewhere),
    )
    return f"| {' | '.join(cells)} |"
