"""What resource policies say, judged once when a row is read: is it public.

A policy that this project's reader does not understand counts as public.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from landrail.policy import InvalidPolicy, parse_document
from landrail.policy.document import Document, DocumentKind
from landrail.policy.public import public_statements

NOT_UNDERSTOOD = "not understood"
"""What stands for whom a policy lets in that cannot be judged."""


def parsed(policy: Mapping[str, Any] | str, kind: DocumentKind = "resource") -> Document | None:
    """Return a policy's document, or None where it is not understood."""
    text = policy if isinstance(policy, str) else json.dumps(policy)
    try:
        return parse_document(text, kind=kind)
    except InvalidPolicy:
        return None


def allows_public(policy: Mapping[str, Any] | str | None, actions: Iterable[str] = ("*",)) -> bool:
    """Whether a policy publicly allows one of some actions (by default any), in S3's meaning of
    public."""
    if policy is None:
        return False
    document = parsed(policy)
    if document is None:
        return True
    wanted = [action.lower() for action in actions]
    if wanted == ["*"]:
        return bool(public_statements(document))
    return any(
        any(fnmatchcase(action, pattern.lower()) for pattern in statement.actions)
        if not statement.not_action
        else not all(any(fnmatchcase(a, p.lower()) for p in statement.actions) for a in wanted)
        for statement in public_statements(document)
        for action in wanted
    )
