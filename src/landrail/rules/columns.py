"""Which columns rules read, so that no more is collected than they need."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from landrail.inventory.catalogue import tables
from landrail.rules.rule import Rule

_WORD = re.compile(r"'(?:[^']|'')*'|:\w+|(\w+)")


def columns(rule: Rule) -> frozenset[str]:
    """Return the columns of its table that a rule reads."""
    words = set(_WORD.findall(f"{rule.wrong} {rule.applies}"))
    return frozenset(c.name for c in tables()[rule.table].every_column if c.name in words)


def wanted(rules: Iterable[Rule]) -> Mapping[str, frozenset[str]]:
    """Return, for each table that some rules read, the columns that they read."""
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for rule in rules:
        found[rule.table] |= columns(rule)
    return found
