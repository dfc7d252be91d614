"""The service control policies of an OU: the mandatory statements and those of enabled controls.

They are made new from what is on record, so that doing it twice changes nothing; what an OU needs
more of is attached before what it no longer needs is taken away.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterable

from landrail.localaws.api import ApiError
from landrail.localaws.services.controltower.acting import Acting
from landrail.localaws.services.controltower.records import Records
from landrail.localaws.services.controltower.statements import Statement

_CHARACTERS = 5_120
_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KIND = "SERVICE_CONTROL_POLICY"


class Policies:
    """The policies `aws-guardrails-XXXXXX` of every OU."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = threading.Lock()

    def settle(self, acting: Acting, unit: str, statements: Iterable[Statement]) -> None:
        """Make the policies of an OU (by its id) say exactly this; raises ApiError."""
        with self._lock:
            held = self._records.policies.get(acting.place, unit) or {"ids": []}
            there = [one for one in held["ids"] if _attached(acting, unit, one)]
            packs = _packed(list(statements))
            used = []
            for number, pack in enumerate(packs):
                content = json.dumps({"Version": "2012-10-17", "Statement": pack})
                if number < len(there):
                    acting.organization("UpdatePolicy", PolicyId=there[number], Content=content)
                    used.append(there[number])
                else:
                    used.append(_make(acting, unit, content))
                self._records.policies.put(acting.place, unit, {"ids": [*used, *there]})
            for extra in there[len(packs) :]:
                acting.organization("DetachPolicy", PolicyId=extra, TargetId=unit)
                acting.organization("DeletePolicy", PolicyId=extra)
            self._records.policies.put(acting.place, unit, {"ids": used})


def _make(acting: Acting, unit: str, content: str) -> str:
    name = "aws-guardrails-" + "".join(secrets.choice(_NAME) for _ in range(6))
    made = acting.organization(
        "CreatePolicy",
        Name=name,
        Description="AWS Control Tower Guardrails applied to an organizational unit",
        Content=content,
        Type=_KIND,
    )["Policy"]["PolicySummary"]["Id"]
    acting.organization("AttachPolicy", PolicyId=made, TargetId=unit)
    return str(made)


def _attached(acting: Acting, unit: str, policy: str) -> bool:
    try:
        found = acting.listed("ListTargetsForPolicy", "Targets", PolicyId=policy)
        return any(target["TargetId"] == unit for target in found)
    except ApiError as error:
        if error.code == "PolicyNotFoundException":
            return False
        raise


def _packed(statements: list[Statement]) -> list[list[Statement]]:
    packs: list[list[Statement]] = []
    for statement in statements:
        for pack in packs:
            if len(json.dumps({"Statement": [*pack, statement]})) <= _CHARACTERS - 30:
                pack.append(statement)
                break
        else:
            packs.append([statement])
    return packs
