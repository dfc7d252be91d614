"""The catalogue as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landrail.guardrails.all import groups
from landrail.guardrails.forms import forms
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.perimeter import BY_HAND
from landrail.guardrails.statements import Statement

_FACTS = Facts("landrail", "eu-west-1")


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
    yield ""
    yield from _in_stacks(every)


_IN_STACKS = """\
## In stacks alone

AWS has no condition key that tells what these calls set, so by hand they are denied whatever they
set, the right values too, to all but the platform and break-glass. What CloudFormation calls with
the caller's own credentials passes: a template says what it makes, `landrail guardrails check
TEMPLATE` holds it to the guardrails before it is deployed, and what is deployed in spite of that is
found. A stack with a service role (CDK's default; `CliCredentialsStackSynthesizer` has none) acts
as that role, by hand. What was made without is put right by `landrail audit --fix`.

| guardrail | calls |
|---|---|"""


def _in_stacks(every: Iterable[Guardrail]) -> Iterator[str]:
    yield from _IN_STACKS.splitlines()
    for one in every:
        denied = [s for s in one.statements(_FACTS) if _by_hand(s)]
        if denied:
            actions = (a for s in denied for a in _listed(s["Action"]))
            yield f"| `{one.id}` | {', '.join(f'`{a}`' for a in actions)} |"


def _by_hand(statement: Statement) -> bool:
    condition = statement.get("Condition", {})
    return all(keys.items() <= condition.get(test, {}).items() for test, keys in BY_HAND.items())


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


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
