"""Whether those whom a policy names are there.

AWS looks up the users and roles that a policy names when it is stored. Here those of the accounts
of this local AWS are looked up; an account that is not here is taken to be one of AWS's others.
"""

from __future__ import annotations

import re

from landrail.localaws.store import StoreSources
from landrail.policy import Document

_NAMED = re.compile(r"arn:aws[a-z-]*:iam::(?P<account>\d{12}):(?P<kind>user|role)/(?P<path>.+)\Z")


def unknown_principal(document: Document, sources: StoreSources) -> tuple[str, str] | None:
    """Return type and text of the first principal that is not there, or None."""
    for statement in document.statements:
        for entry in statement.principals or ():
            found = _NAMED.match(entry.value) if entry.type == "AWS" else None
            if found is None or not sources.has_account(found["account"]):
                continue
            name = found["path"].rpartition("/")[2]
            if "/aws-service-role/" in entry.value or "/aws-reserved/" in entry.value:
                continue
            if sources.iam_arn(found["account"], found["kind"], name) != entry.value:
                return entry.type, entry.value
    return None
