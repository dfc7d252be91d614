"""The guardrails' checks of templates, before CloudFormation sees one: what would be deployed
against a guardrail is a mistake where it is enforced, a warning where it is monitored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from landrail.compiler.guardrails.choosing import Chosen, chosen
from landrail.diagnostics import Diagnostic, Severity
from landrail.guardrails.guardrail import Guardrail, TemplateCheck
from landrail.resources import Stack, Wanted
from landrail.spec import AccountMade, Platform
from landrail.spec.choices import Mode

_SEVERITIES = {"enforce": Severity.ERROR, "monitor": Severity.WARNING}


@dataclass(frozen=True, slots=True)
class Template:
    """A template for an account; `name` is what it is called in messages."""

    account: AccountMade
    name: str
    content: Mapping[str, Any]


def check(platform: Platform, wanted: Wanted) -> Iterator[Diagnostic]:
    """Yield what the compiled templates have against the guardrails in force in their accounts."""
    accounts = {made.name: made for made in platform.accounts_made()}
    templates = (
        Template(accounts[stack.account], str(stack.address), stack.template)
        for stack in wanted.of_kind(Stack)
    )
    yield from check_templates(platform, templates)


def check_templates(platform: Platform, templates: Iterator[Template]) -> Iterator[Diagnostic]:
    """Yield what templates have against the guardrails, one diagnostic for each kind of thing."""
    found = _Checks(chosen(platform))
    said: dict[tuple[str, str, str, str], list[str]] = {}
    for template in templates:
        checks = found.of(template.account)
        for logical, made in template.content["Resources"].items():
            for guardrail, mode, one in checks.get(str(made["Type"]), ()):
                wrong = one.wrong(made.get("Properties", {}))
                if wrong is not None:
                    key = (guardrail.id, mode, str(made["Type"]), wrong)
                    said.setdefault(key, []).append(f"{logical} in {template.name}")
    for (guardrail_id, how, kind, wrong), places in said.items():
        more = f", and {len(places) - 1} more" if len(places) > 1 else ""
        yield Diagnostic(
            f"guardrail `{guardrail_id}`: {places[0]} ({kind}): {wrong}{more}",
            found.remedies[guardrail_id],
            platform.where(*found.chosen.place(guardrail_id)),
            _SEVERITIES[how],
        )


Checks = dict[str, list[tuple[Guardrail, Mode, TemplateCheck]]]


class _Checks:
    """The checks in force, by account and type of resource."""

    def __init__(self, found: Chosen) -> None:
        self.chosen = found
        self._known: dict[tuple[str, str | None], Checks] = {}

    @cached_property
    def remedies(self) -> dict[str, str]:
        """What to do about each guardrail."""
        return {guardrail.id: guardrail.remedy for guardrail in self.chosen.guardrails}

    def of(self, account: AccountMade) -> Checks:
        """Return the checks in force in an account, by type."""
        place = (account.kind, account.ou)
        if place not in self._known:
            checks: Checks = {}
            for guardrail, mode in self.chosen.in_force(*place):
                for one in guardrail.proactive:
                    checks.setdefault(one.resource_type, []).append((guardrail, mode, one))
            self._known[place] = checks
        return self._known[place]
