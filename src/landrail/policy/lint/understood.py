"""The engine's own word: what `parse_document` refuses is an error here too.

The checks of `grammar` and `places` name the same mistakes with their places; this one sees to it
that a policy which passes them is one that the engine decides by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from landrail.policy.lint.finding import Found
from landrail.policy.lint.jsontext import Node
from landrail.policy.lint.subject import Subject
from landrail.policy.parse import InvalidPolicy, parse_document

_PATH = re.compile(r"`Statement\[(\d+)\](?:\.(\w+))?")


def not_understood(subject: Subject) -> Iterator[Found]:
    """What the engine refuses."""
    try:
        parse_document(subject.text, kind=subject.kind)
    except InvalidPolicy as error:
        for one in error.diagnostics:
            yield Found(_place(subject, one.summary), one.summary, one.remedy)


def _place(subject: Subject, summary: str) -> Node | int:
    found = _PATH.search(summary)
    if found is None:
        return 0
    for part in subject.parts:
        if part.number == int(found[1]):
            return (part.node.get(found[2]) if found[2] else None) or part.node
    return 0
