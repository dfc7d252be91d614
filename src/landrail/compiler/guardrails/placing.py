"""To which targets the content of a guardrail is attached: the root, OUs, accounts.

A guardrail for everywhere stands at the root as long as it says the same to every account; where
it does not (another mode or other values somewhere) it moves down to the OUs where it is in force.
In an OU with accounts of several kinds, content for one of them binds the OU, unless the file wants
it otherwise for another: then it is attached to the accounts themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.compiler.guardrails.choosing import Chosen
from landrail.guardrails import EVERYWHERE, SUSPENDED, Facts, Guardrail
from landrail.spec import AccountMade, Platform
from landrail.spec.choices import Mode

(ROOT,) = EVERYWHERE
SUSPENDED_UNIT = "Suspended"

Content = Callable[[Guardrail, Facts], Any]
"""What a guardrail has to say in one form of policy; empty where it has nothing."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Accounts of one kind that stand directly in one OU."""

    kind: str
    ou: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Content of a guardrail on a target: `root`, `ou/PATH` or `account/NAME`."""

    target: str
    content: Any


def leaves(platform: Platform) -> tuple[Leaf, ...]:
    """Return the kinds of accounts in each OU, and those of the accounts that left the file."""
    found: dict[tuple[str, str], list[AccountMade]] = {}
    for made in platform.accounts_made():
        if made.ou is not None:
            found.setdefault((made.ou, made.kind), []).append(made)
    standing = tuple(
        Leaf(kind, ou, tuple(a.name for a in made)) for (ou, kind), made in sorted(found.items())
    )
    return (*standing, Leaf(SUSPENDED, SUSPENDED_UNIT, ()))


def place(
    chosen: Chosen,
    among: tuple[Leaf, ...],
    guardrail: Guardrail,
    content: Content,
    wanted: Mode = "enforce",
) -> tuple[Placed, ...]:
    """Return where the content of a guardrail belongs, in accounts where its mode is `wanted`."""

    def of(kind: str, ou: str | None) -> Any:
        if ou is not None and (guardrail.id, _above(ou)) in chosen.elsewhere:
            return ()
        mode = chosen.mode(guardrail, kind, ou)
        if mode is None:
            return None
        return content(guardrail, chosen.facts_for(kind)) if mode == wanted else ()

    said = {leaf: of(leaf.kind, leaf.ou) for leaf in among}
    at_root = of(ROOT, None)
    if at_root is not None and _alike([at_root, *said.values()]):
        return (Placed(ROOT, at_root),) if at_root else ()
    climbs = frozenset({*chosen.paths_named()})
    if at_root is not None:
        climbs |= frozenset(_above(leaf.ou) for leaf in among)
    return tuple(_down("", said, climbs))


def _down(above: str, said: Mapping[Leaf, Any], climbs: frozenset[str]) -> Iterator[Placed]:
    """Yield places below an OU: an OU that `climbs` and says one thing, else what is in it."""
    if above and (above in climbs or all(leaf.ou == above for leaf in said)):
        contents = list(said.values())
        known = [c for c in contents if c is not None]
        whole = _alike(known) if all(leaf.ou == above for leaf in said) else _alike(contents)
        if whole:
            if known and known[0]:
                yield Placed(f"ou/{above}", known[0])
            return
    here = {leaf: c for leaf, c in said.items() if leaf.ou == above}
    for leaf, content in here.items():
        if content:
            yield from (Placed(f"account/{name}", content) for name in leaf.accounts)
    for part in sorted({_next(leaf.ou, above) for leaf in said if leaf.ou != above}):
        below = {k: c for k, c in said.items() if k.ou == part or k.ou.startswith(f"{part}/")}
        yield from _down(part, below, climbs)


def _next(ou: str, above: str) -> str:
    """Return the OU below `above` on the way to `ou`."""
    start = len(above) + 1 if above else 0
    end = ou.find("/", start)
    return ou if end < 0 else ou[:end]


def _above(ou: str) -> str:
    return ou.partition("/")[0]


def _alike(contents: list[Any]) -> bool:
    return all(content == contents[0] for content in contents[1:])
