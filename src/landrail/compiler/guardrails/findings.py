"""Mistakes in choosing guardrails that show once the catalogue is known: entries without effect,
values that nobody reads, exemptions that nothing protects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from landrail.compiler.guardrails.choosing import Chosen, chosen, unknown
from landrail.compiler.guardrails.placing import ROOT, leaves
from landrail.compiler.guardrails.policies import policies_of
from landrail.diagnostics import Diagnostic, Severity, nearest
from landrail.guardrails import EVERYWHERE, Facts, Guardrail, guardrails
from landrail.guardrails.guardrail import Option
from landrail.resources import Policy
from landrail.spec import Platform
from landrail.spec.choices import Choice
from landrail.spec.texts import REGIONS

PROTECTING = "protect-machine-roles"
"""The guardrail that keeps others from becoming whom the others exempt."""
_EXEMPT = "role/landrail/"


def check(platform: Platform) -> Iterator[Diagnostic]:
    """Yield what is wrong with the choice of guardrails, and what is worth knowing of it."""
    for choice in unknown(platform):
        near = nearest(choice.id, guardrails())
        yield Diagnostic(
            f"guardrail `{choice.id}` is not known",
            f"did you mean `{near}`?" if near else "`landrail guardrails list` names them",
            platform.where(*choice.path),
        )
    found = chosen(platform)
    for guardrail in found.guardrails:
        entries = found.choices.get(guardrail.id, ())
        yield from _values(platform, found, guardrail, entries)
        yield from _moved(platform, found, guardrail, entries)
    attached = policies_of(platform)
    yield from attached.mistakes
    yield from _unprotected(platform, found, attached.policies, attached.targets)
    for file in found.own.values():
        yield from file.remarks()


def fits(platform: Platform) -> bool:
    """Say whether all values of the file are such as their guardrails take: policies that are made
    of others say nothing."""
    found = chosen(platform)
    return not any(
        True
        for guardrail in found.guardrails
        for entry in found.choices.get(guardrail.id, ())
        for _ in _unfitting(platform, guardrail, entry)
    )


def _values(
    platform: Platform, found: Chosen, guardrail: Guardrail, entries: tuple[Choice, ...]
) -> Iterator[Diagnostic]:
    with_values = [entry for entry in entries if entry.values]
    reads = bool(entries) and guardrail.option is not None
    for entry in with_values:
        if not reads:
            yield Diagnostic(
                f"`{guardrail.id}` takes no values",
                "leave them out; `in` says for which accounts it is",
                platform.where(*entry.path, guardrail.id),
            )
        yield from _unfitting(platform, guardrail, entry)
    if reads and not with_values and not _holds(guardrail, found.facts):
        yield Diagnostic(
            f"`{guardrail.id}` has no values, so it holds nothing",
            f"write some: `- {guardrail.id}: [one, two]`",
            platform.where(*entries[0].path),
        )


def _holds(guardrail: Guardrail, facts: Facts) -> bool:
    """Say whether a guardrail denies anything without values of the file."""
    return bool(guardrail.statements(facts) or guardrail.resource_statements(facts))


def _unfitting(platform: Platform, guardrail: Guardrail, entry: Choice) -> Iterator[Diagnostic]:
    """Yield the values that are not of the form that the guardrail takes."""
    option = guardrail.option
    if option is None:
        return
    for kind, values in entry.values.items():
        beyond = () if kind == ROOT else (kind,)
        for number, value in enumerate(values):
            if not re.fullmatch(option.fits, value) or not _named(option, value):
                near = nearest(value, REGIONS) if option.names == "region" else None
                yield Diagnostic(
                    f"`{value}` is no value of `{guardrail.id}`",
                    f"did you mean `{near}`?" if near else f"it takes {option.about}",
                    platform.where(*entry.path, guardrail.id, *beyond, number),
                )
            elif option.single and number:
                yield Diagnostic(
                    f"`{guardrail.id}` takes one value, `{value}` is another",
                    f"write {option.about}, once",
                    platform.where(*entry.path, guardrail.id, *beyond, number),
                )


def _named(option: Option, value: str) -> bool:
    """Say whether there is what a value of the right form names."""
    if option.names == "region":
        return value in REGIONS
    if option.names == "network" and "/" in value:
        try:
            ip_network(value)
        except ValueError:
            return False
    return True


def _moved(
    platform: Platform, found: Chosen, guardrail: Guardrail, entries: tuple[Choice, ...]
) -> Iterator[Diagnostic]:
    """Warn of a guardrail of the root that stands on OUs, because it is not enforced in some."""
    if not entries or guardrail.kinds != EVERYWHERE:
        return
    if found.mode(guardrail, ROOT, None) != "enforce":
        return
    open_in = sorted(
        {
            leaf.ou
            for leaf in leaves(platform)
            if found.mode(guardrail, leaf.kind, leaf.ou) in ("monitor", "off")
        }
    )
    if open_in:
        yield Diagnostic(
            f"`{guardrail.id}` is not enforced in {', '.join(open_in)}, so it stands on the other "
            "OUs and not at the root",
            "accounts outside of them, and new ones in their first minute, are not under it",
            platform.where(*entries[-1].path),
            Severity.WARNING,
        )


def _unprotected(
    platform: Platform, found: Chosen, policies: tuple[Policy, ...], targets: Any
) -> Iterator[Diagnostic]:
    """Refuse to exempt roles by name where nothing keeps others from making them."""
    protecting = guardrails().get(PROTECTING)
    if protecting is None:
        return
    open_in = [
        leaf for leaf in leaves(platform) if found.mode(protecting, leaf.kind, leaf.ou) != "enforce"
    ]
    exempting = {
        guardrail
        for policy in policies
        for statement in policy.document.get("Statement", ())
        if _EXEMPT in str(statement.get("Condition", ""))
        and any(_covers(target, leaf.ou) for target in targets[policy.name] for leaf in open_in)
        for guardrail in [policy.statements_from[statement["Sid"]]]
    }
    if exempting:
        shown = ", ".join(sorted(exempting)[:3])
        where = ", ".join(sorted({leaf.ou for leaf in open_in}))
        yield Diagnostic(
            f"`{PROTECTING}` is not enforced in {where}: anybody there could become the roles that "
            f"{len(exempting)} guardrails exempt ({shown} ...)",
            f"enforce `{PROTECTING}` wherever others are enforced",
            platform.where(*found.place(PROTECTING)),
        )


def _covers(target: str, ou: str) -> bool:
    path = target.removeprefix("ou/")
    return target == ROOT or ou == path or ou.startswith(f"{path}/")
