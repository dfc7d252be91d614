"""Who stands behind an act: the person of a session's ARN, and whether two names are one person's.

A session of a role of people bears its person's name (the trust policies see to it), so the same
person is the same name in whichever role. A commit says what its author wrote into it, a name and
an address; it is taken at its word, which can only keep people from approving.
"""

from __future__ import annotations

from collections.abc import Iterable


def person_of(arn: str) -> str:
    """Return the session's name of an ARN, or the name of a user; `` where there is none."""
    return arn.rpartition("/")[2] if "/" in arn else arn.rpartition(":")[2]


def same(one: str, other: str) -> bool:
    """Whether two names are one person's: an address is its person's, whichever the domain, where
    the other name has none."""
    a, b = one.strip().casefold(), other.strip().casefold()
    if not a or not b:
        return False
    if ("@" in a) != ("@" in b):
        return a.partition("@")[0] == b.partition("@")[0]
    return a == b


def among(name: str, people: Iterable[str]) -> str | None:
    """Return the one of some people who is this one."""
    return next((one for one in people if same(name, one)), None)
