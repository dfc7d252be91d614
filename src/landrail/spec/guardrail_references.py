"""References of guardrails and waivers: places of the platform, guardrails that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from landrail.diagnostics import Diagnostic, nearest
from landrail.spec.choices import KINDS, SETS, Choice
from landrail.spec.document import LOB_KINDS
from landrail.spec.oversight import OF_THE_AUDIT
from landrail.spec.view import View

_FIXED = ("Security", "Infrastructure", "Data")
_NOT_BOUND = "management"


def guardrail_references(view: View) -> Iterator[Diagnostic]:
    """Yield places of guardrails and accounts of waivers that are not of the platform."""
    known = places(view)
    listed = view.at("guardrails")
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        for path in _places_of(item):
            for place, where in (view.texts("guardrails", index, *path) or {}).items():
                if known is not None and place not in known:
                    yield Diagnostic(*_unknown_place(place, known), view.place(where))
    waivers = view.at("waivers")
    for index in range(len(waivers) if isinstance(waivers, list) else 0):
        yield from _account(view, ("waivers", index, "account"))


def places(view: View) -> list[str] | None:
    """Return the kinds of accounts and the paths of OUs; None where the lines of business cannot be
    read."""
    if view.lobs is None:
        return None
    found = [*KINDS, *_FIXED]
    below = list(LOB_KINDS.values())
    if view.text("layout") == "lines-of-business":
        found.append("LinesOfBusiness")
        for lob in view.lobs:
            found.append(f"LinesOfBusiness/{lob}")
            found.extend(f"LinesOfBusiness/{lob}/{unit}" for unit in below)
    else:
        found += ["Workloads", *(f"Workloads/{unit}" for unit in below)]
    return found


def unknown_guardrails(
    choices: Sequence[Choice], view: View, ids: frozenset[str]
) -> Iterator[Diagnostic]:
    """Yield guardrails that entries or waivers name and that there are not, and policies that are
    called like one."""
    own = {choice.id for choice in choices if choice.file is not None}
    for choice in choices:
        if choice.file is not None and choice.id in ids:
            yield Diagnostic(
                f"`{choice.id}` is a guardrail of the catalogue",
                "give the policy another name",
                view.place((*choice.path, "policy")),
            )
        elif choice.file is None and choice.id not in (*ids, *SETS, *own):
            place = view.tree.keys.get((*choice.path, choice.id)) or view.place(choice.path)
            yield Diagnostic(*unknown_guardrail(choice.id, (*ids, *SETS)), place)
    waivers = view.at("waivers")
    for index in range(len(waivers) if isinstance(waivers, list) else 0):
        path = ("waivers", index, "guardrail")
        named = view.text(*path)
        known = ids | own | OF_THE_AUDIT
        if named is not None and named not in known:
            yield Diagnostic(*unknown_guardrail(named, sorted(known)), view.place(path))


def unknown_guardrail(word: str, ids: Sequence[str]) -> tuple[str, str]:
    """Return what is wrong with the id of a guardrail that there is not, and what to do."""
    near = nearest(word, sorted(ids))
    remedy = f"did you mean `{near}`?" if near else "`landrail guardrails list` names them"
    return f"guardrail `{word}` is not known", remedy


def _places_of(item: Any) -> Iterator[tuple[str, ...]]:
    """Yield where in an entry its places stand."""
    if isinstance(item, dict):
        if "in" in item:
            yield ("in",)
        for name, body in item.items():
            if isinstance(body, dict) and "in" in body:
                yield name, "in"


def _unknown_place(place: str, known: list[str]) -> tuple[str, str]:
    if place == _NOT_BOUND:
        return (
            "policies of an organization do not bind its management account",
            "leave `management` out: nothing but the operator's and break-glass roles is there",
        )
    if place == "root":
        return "`root` is no place to choose", "leave `in` out: then it is for every account"
    by_lower = {name.lower(): name for name in known}
    near = by_lower.get(nearest(place, by_lower) or "")
    remedy = f"did you mean `{near}`? " if near else ""
    return f"`{place}` is no kind of account and no OU", f"{remedy}places: {', '.join(known)}"


def _account(view: View, path: tuple[str | int, ...]) -> Iterator[Diagnostic]:
    named = view.text(*path)
    if named is None or view.accounts is None or view.lobs is None:
        return
    made = ["management", "log-archive", "audit"]
    for key, entry in view.accounts.items():
        given = entry.get("environments", ["prod"]) if isinstance(entry, dict) else []
        made += [f"{key}-{one}" for one in given if isinstance(given, list)]
    made += [name for name in view.all_accounts() if name not in view.accounts]
    if named not in made and not re.fullmatch(r"[0-9]+", named):
        yield view.unknown("account", named, made, path)
