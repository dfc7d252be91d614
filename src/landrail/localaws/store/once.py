"""What was made under a name before the last start: answered as it was then, not made again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from landrail.localaws.store.incoming import Answer
from landrail.localaws.store.journal import Entry, plain

Kept = dict[str, tuple[str, Answer]]
"""By name: the digest of what was asked for, and the answer."""


@dataclass
class Once:
    """The answers of earlier runs, and those of this one, which only the next will answer with."""

    earlier: Kept = field(default_factory=dict)
    now: Kept = field(default_factory=dict)

    def keep(self, entry: Entry, answer: Answer, *, replayed: bool) -> None:
        """Keep the answer to a request that has a name, if it succeeded."""
        if entry.once and answer.status < 300:
            kept = self.earlier if replayed else self.now
            kept[entry.once] = digest(entry), answer

    def answer(self, entry: Entry) -> Answer | None:
        """Return what was answered before the last start to this request under its name."""
        before = self.earlier.get(entry.once) if entry.once else None
        return before[1] if before is not None and before[0] == digest(entry) else None

    def all(self) -> Kept:
        """Return what the next run is to know."""
        return {**self.earlier, **self.now}


def digest(entry: Entry) -> str:
    """Return the same for requests that ask for the same, of whoever and whenever."""
    asked = (entry.account, entry.region, entry.service, entry.operation, plain(entry.params))
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
