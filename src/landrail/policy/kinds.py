"""What AWS forbids in some kinds of policy and asks of others.

The grammar is one; these rules differ by where the document is attached. Source: the IAM JSON
policy reference (Grammar, Principal, NotPrincipal), SCP syntax, RCP syntax.
"""

from __future__ import annotations

import re

from landrail.diagnostics import Diagnostic
from landrail.policy.document import Document, Statement

_WITHOUT_PRINCIPAL = {"identity", "boundary", "session", "scp"}
_WITH_PRINCIPAL = {"resource", "trust", "rcp", "endpoint"}
_IAM_SID = re.compile(r"[A-Za-z0-9]*\Z")
_FIELDS = 6


def check_kind(document: Document, version_given: bool, problems: list[Diagnostic]) -> None:
    """Add a diagnostic for each rule of the document's kind that it breaks."""
    kind = document.kind
    if kind == "any":
        return
    if kind in ("scp", "rcp") and not (version_given and document.variables):
        problems.append(Diagnostic(f"an {kind.upper()} needs `Version`", "write 2012-10-17"))
    if kind in ("identity", "boundary", "session") and document.id is not None:
        problems.append(Diagnostic("`Id` is not allowed in an identity-based policy", "remove it"))
    for statement in document.statements:
        _principal(statement, kind, problems)
        _resource(statement, kind, problems)
        if kind == "rcp":
            _rcp(statement, problems)
        if kind in ("identity", "boundary", "trust") and not _IAM_SID.match(statement.sid or ""):
            problems.append(
                Diagnostic(f"the Sid `{statement.sid}` may hold letters and digits only")
            )


def _principal(statement: Statement, kind: str, problems: list[Diagnostic]) -> None:
    path = f"Statement[{statement.number}]"
    if kind in _WITHOUT_PRINCIPAL and statement.principals is not None:
        problems.append(
            Diagnostic(f"`{path}` has a principal, which a {kind} policy must not have")
        )
    if kind in _WITH_PRINCIPAL and statement.principals is None:
        problems.append(Diagnostic(f"`{path}` names no principal", "add `Principal`"))
    if statement.not_principal and kind in ("trust", "rcp"):
        problems.append(Diagnostic(f"`{path}`: `NotPrincipal` is not allowed in a {kind} policy"))


def _resource(statement: Statement, kind: str, problems: list[Diagnostic]) -> None:
    path = f"Statement[{statement.number}]"
    if kind == "trust" and statement.resources is not None:
        problems.append(Diagnostic(f"`{path}`: a trust policy has no `Resource`", "remove it"))
    if kind in ("identity", "boundary", "session", "scp", "rcp") and statement.resources is None:
        problems.append(Diagnostic(f"`{path}` has no `Resource`", "add `Resource`"))
    if kind == "session":
        for resource in statement.resources or ():
            if resource != "*" and len(resource.split(":", _FIELDS - 1)) < _FIELDS:
                problems.append(
                    Diagnostic(f"`{path}` holds the incomplete ARN `{resource}`", "write all of it")
                )


def _rcp(statement: Statement, problems: list[Diagnostic]) -> None:
    """RCPs of one's own only deny; RCPFullAWSAccess, the one that allows, is AWS's."""
    path = f"Statement[{statement.number}]"
    if statement.not_action:
        problems.append(Diagnostic(f"`{path}`: `NotAction` is not allowed in an RCP"))
    if any(p.value != "*" for p in statement.principals or ()):
        problems.append(Diagnostic(f"`{path}`: the principal of an RCP is `*`", "use a condition"))
