"""Plans as JSON and back, and the digests that tie a plan to what it was made from."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Set
from enum import Enum
from typing import Any

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.plan.observed import Observed
from landrail.plan.values import Action, Change, Detail, Difference, Effect, Notice, Plan
from landrail.resources import Address, Wanted

FORMAT = "landrail-plan-1"


def plain(value: Any) -> Any:
    """Return a value of dataclasses, enums, mappings and sequences as JSON would hold it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, Set):
        return sorted((plain(v) for v in value), key=canonical)
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no blanks."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(*values: Any) -> str:
    """Return `sha256:...` over the canonical texts of the values, in order."""
    hasher = hashlib.sha256()
    for value in values:
        text = canonical(value).encode()
        hasher.update(f"{len(text)}:".encode())
        hasher.update(text)
    return f"sha256:{hasher.hexdigest()}"


def basis(file_digest: str, wanted: Wanted, observed: Observed) -> str:
    """Return the digest of what a plan is made from."""
    return digest(file_digest, wanted, observed)


def sealed(plan: Plan) -> Plan:
    """Return the plan with the digest over all of it."""
    return dataclasses.replace(plan, digest=_seal(plan))


def to_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as a JSON document; `from_json` reads it back."""
    document: dict[str, Any] = {"format": FORMAT, **plain(plan)}
    return document


def from_json(document: Any) -> Plan:
    """Read a plan back; raises Mistakes where it is no plan or was changed since it was made."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Mistakes([_bad("the file is not a plan of this version of Landrail")])
    try:
        plan = _plan(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Mistakes([_bad(f"the plan cannot be read: {error!r}")]) from error
    if plan.digest != _seal(plan):
        raise Mistakes([_bad("the plan was edited after it was made: its digest does not fit")])
    return plan


def _seal(plan: Plan) -> str:
    return digest(dataclasses.replace(plan, digest=""))


def _bad(summary: str) -> Diagnostic:
    return Diagnostic(summary, "make it again with `landrail plan --out FILE`")


def _plan(document: dict[str, Any]) -> Plan:
    return Plan(
        platform=document["platform"],
        purpose=document["purpose"],
        file=document["file"],
        file_digest=document["file_digest"],
        basis=document["basis"],
        changes=tuple(_change(c) for c in document["changes"]),
        notices=tuple(Notice(**n) for n in document["notices"]),
        accepted=tuple(document["accepted"]),
        refreshed=document["refreshed"],
        digest=document["digest"],
    )


def _change(document: dict[str, Any]) -> Change:
    return Change(
        address=Address(**document["address"]),
        action=Action(document["action"]),
        summary=document["summary"],
        details=tuple(_detail(d) for d in document["details"]),
        reason=document["reason"],
        accept=document["accept"],
        depends_on=tuple(Address(**a) for a in document["depends_on"]),
        facts=document["facts"],
    )


def _detail(document: dict[str, Any]) -> Detail:
    return Detail(
        name=document["name"],
        effect=Effect(document["effect"]),
        cause=document["cause"],
        differences=tuple(Difference(**d) for d in document["differences"]),
    )
