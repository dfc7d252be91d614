"""Whether a call may be made: what it needs, the policies in force, and the engine's answer.

Nothing here grants. What a call needs comes from `requests`, the policies from `layers`, the
decision from `landrail.policy`; what cannot be resolved or read is denied, and said to be so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from landrail.localaws.api import Caller
from landrail.localaws.gateway.callers import entering
from landrail.localaws.gateway.callers.authenticate import Refused
from landrail.localaws.gateway.callers.federation import Federated, asserted, verified
from landrail.localaws.gateway.faults import Refusal
from landrail.localaws.gateway.requests import (
    Authorization,
    Unresolved,
    behind_points,
    resolve,
)
from landrail.localaws.layers import (
    Circumstances,
    Layers,
    NoWay,
    Unreadable,
    Way,
    blocked_as_public,
    blocked_at_point,
    door_service,
    out_of_reach,
    public_reason,
    refuse_list,
    refuse_own_key,
    way_of,
)
from landrail.localaws.store import Assertions, MfaCodes, Store, StoreSources
from landrail.policy import Decision

# Where a call acts in the caller's own account whatever it names.
_AT_HOME = frozenset({"iam", "organizations", "s3control", "ec2", "cloudformation"})


@dataclass(frozen=True, slots=True)
class Access:
    """A call to decide; `account` where the caller has none of its own."""

    caller: Caller
    service: str
    operation: str
    params: Mapping[str, Any]
    region: str
    account: str | None
    way: Way
    user_agent: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided: the account the call acts in, its resources, and why."""

    account: str
    resources: tuple[str, ...]
    explanation: Mapping[str, Any]
    refused: Mapping[str, str] = field(default_factory=dict)
    """The parts of the request that may not be done, each with the answer to the client."""


class Denied(Refused):
    """A call that may not be made, with the verdict for the trail."""

    def __init__(self, message: str, verdict: Verdict, kind: Refusal = Refusal.DENIED) -> None:
        super().__init__(kind, message)
        self.verdict = verdict


class Decider:
    """Decides calls by the policies of one local AWS."""

    def __init__(
        self,
        layers: Layers,
        sources: StoreSources,
        store: Store,
        state: Path,
        codes: MfaCodes,
        assertions: Assertions,
    ) -> None:
        self._assertions = assertions
        self._codes = codes
        self._layers = layers
        self._sources = sources
        self._store = store
        self._state = state

    def way(self, caller: Caller, service: str, event_id: str, vpce: str | None = None) -> Way:
        """Return the way that a call takes to an endpoint service, through the VPC endpoint `vpce`
        if it names one; raises Denied where there is none."""
        try:
            if caller.called_via:
                return Way(source_ip=caller.origin.address if caller.origin else None)
            return way_of(caller.origin, service, self._sources, vpce)
        except NoWay as none:
            verdict = Verdict(caller.account or "", (), {"decision": "Deny", "network": str(none)})
            raise Denied(f"{none} [explain: {event_id}]", verdict, Refusal.NO_WAY) from none

    def decide(self, access: Access, event_id: str) -> Verdict:
        """Return the verdict of an allowed call; raises Denied, or ApiError for a token that is
        not valid."""
        home = access.caller.account or access.account or ""
        entering.check_credentials(access.caller, access.service, access.operation)
        entering.check_parameters(access.service, access.operation, access.params)
        try:
            needed = resolve(
                access.service,
                access.operation,
                access.params,
                home,
                access.region,
                self._sources,
                caller_arn=access.caller.arn,
            )
        except Unresolved as gap:
            raise _denied(gap.message, event_id, home, (), {"gap": gap.what}) from gap
        if access.service == "sts":
            needed = entering.carried(access.caller, needed)
        acting = _acting(access, needed, home)
        federated = self._federated(access, acting)
        if federated is not None:
            needed = (*needed, *(replace(needed[0], action=action) for action in federated.also))
        circumstances = self._circumstances(access, federated, _prefix(needed))
        resources = tuple(dict.fromkeys(a.resource for a in needed))
        access = replace(access, params=self._behind_points(access))
        self._reach(access, needed, event_id, resources)
        self._public(access, needed, event_id, resources)
        decisions, refused = self._all(access.caller, needed, circumstances, event_id, resources)
        if access.service == "s3":
            owner, by = needed[0].account, access.caller.account
            refuse_list(access.operation, access.params, owner, by, self._sources)
            refuse_own_key(access.operation, access.params, self._sources)
        # Of parts that were refused, the first is explained as if it were the call.
        said = dict(next((d for d in decisions if "part" in d), {"decision": "Allow"}))
        return Verdict(acting, resources, {**said, "authorizations": decisions}, refused)

    def _all(
        self,
        caller: Caller,
        needed: Iterable[Authorization],
        circumstances: Circumstances,
        event_id: str,
        resources: tuple[str, ...],
    ) -> tuple[list[Mapping[str, Any]], dict[str, str]]:
        """Return what was decided of each authorization, and the refused parts with the answer to
        each; raises Denied where what is no part is denied."""
        decisions: list[Mapping[str, Any]] = []
        refused: dict[str, str] = {}
        for one in needed:
            if one.part in refused:
                continue
            try:
                decision = self._one(caller, one, circumstances, event_id, resources)
            except Denied as denied:
                if one.part is None:
                    raise
                refused[one.part] = denied.message
                decisions.append({**denied.verdict.explanation, "part": one.part})
                continue
            decisions.append(_brief(decision))
        return decisions, refused

    def _behind_points(self, access: Access) -> Mapping[str, Any]:
        return behind_points(
            access.service, access.operation, access.params, access.region, self._sources
        )

    def _reach(
        self,
        access: Access,
        needed: tuple[Authorization, ...],
        event_id: str,
        resources: tuple[str, ...],
    ) -> None:
        """Refuse what an access point refuses by where the call came from, before any policy."""
        if access.service != "s3":
            return
        for one in needed:
            why = out_of_reach(one.resource, access.way, self._sources)
            if why is not None:
                message = (
                    f"User: {access.caller.arn} is not authorized to perform: {one.action} on "
                    f"resource: {one.resource} {why}"
                )
                raise _denied(message, event_id, one.account, resources, {"network": why})

    def _public(
        self,
        access: Access,
        needed: tuple[Authorization, ...],
        event_id: str,
        resources: tuple[str, ...],
    ) -> None:
        """Refuse what S3's public access settings refuse before any policy is asked."""
        if access.service not in ("s3", "s3control"):
            return
        service, operation, params = access.service, access.operation, access.params
        own = needed[0]
        setting = blocked_as_public(service, operation, params, own.account, self._sources)
        for one in needed:
            # What a copy reads is not what it gives a list to.
            if setting is None and not one.action.startswith("s3:GetObject"):
                setting = blocked_at_point(service, operation, params, one.resource, self._sources)
        if setting is None:
            return
        message = (
            f"User: {access.caller.arn} is not authorized to perform: {own.action} on resource: "
            f"{own.resource} {public_reason(setting)}"
        )
        raise _denied(message, event_id, own.account, resources, {"setting": setting})

    def _federated(self, access: Access, acting: str) -> Federated | None:
        """Return whom a caller with a token or an assertion is; None for all others."""
        if access.service != "sts":
            return None
        if access.operation == "AssumeRoleWithWebIdentity":
            return verified(access.params, acting, self._store, self._state)
        if access.operation == "AssumeRoleWithSAML":
            return asserted(access.params, self._assertions)
        return None

    def _circumstances(
        self, access: Access, federated: Federated | None, prefix: str
    ) -> Circumstances:
        extra, provider = dict(access.context), None
        if federated is not None:
            provider = federated.provider
            extra.update(federated.keys)
        elif access.service == "sts":
            extra.update(
                entering.checked_mfa(access.caller, access.operation, access.params, self._codes)
            )
        return Circumstances(
            region=access.region,
            now=time.time(),
            way=access.way,
            prefix=prefix,
            user_agent=access.user_agent,
            provider=provider,
            extra=extra,
        )

    def _one(
        self,
        caller: Caller,
        needed: Authorization,
        circumstances: Circumstances,
        event_id: str,
        resources: tuple[str, ...],
    ) -> Decision:
        try:
            decision = self._layers.decide(
                caller,
                needed.action,
                needed.resource,
                needed.account,
                circumstances,
                context=needed.context,
                via=needed.via,
            )
        except Unreadable as error:
            message = f"{error}; nothing can be allowed under it."
            raise _denied(message, event_id, needed.account, resources, {}) from error
        if decision.allowed:
            return decision
        raise _denied(
            decision.client_message,
            event_id,
            needed.account,
            resources,
            {"action": needed.action, "resource": needed.resource, **decision.to_json()},
        )

    def data_plane(
        self,
        caller: Caller,
        needed: Authorization,
        region: str,
        context: Mapping[str, str | tuple[str, ...]],
        event_id: str,
    ) -> Verdict:
        """Decide one access that is no API call (a git fetch, an image pull); raises Denied."""
        circumstances = Circumstances(
            region=region,
            now=time.time(),
            way=self.way(caller, door_service(needed.action, region), event_id),
            prefix=_prefix((needed,)),
            extra=dict(context),
        )
        resources = (needed.resource,)
        decision = self._one(caller, needed, circumstances, event_id, resources)
        return Verdict(
            needed.account,
            resources,
            {"decision": "Allow", "authorizations": [_brief(decision)]},
        )


def _acting(access: Access, needed: tuple[Authorization, ...], home: str) -> str:
    """The account whose state the call is about: the owner of what it names first."""
    if not needed or (home and access.service in _AT_HOME):
        return home
    owner = needed[0].account
    return owner if owner.isdigit() else home


def _prefix(needed: tuple[Authorization, ...]) -> str:
    """The service's own actions: what it needs first is its own."""
    return needed[0].action.partition(":")[0] if needed else ""


def _denied(
    message: str,
    event_id: str,
    account: str,
    resources: tuple[str, ...],
    explanation: Mapping[str, Any],
) -> Denied:
    said = {"decision": "Deny", **explanation}
    return Denied(f"{message} [explain: {event_id}]", Verdict(account, resources, said))


def _brief(decision: Decision) -> dict[str, Any]:
    request = decision.request
    return {
        "action": request.action,
        "resource": request.resource,
        "why": decision.why.value,
        "layer": decision.layer.value if decision.layer else None,
        "policy": decision.policy.name if decision.policy else None,
        "attachedTo": decision.policy.attached_to if decision.policy else None,
        "sid": decision.statement.sid if decision.statement else None,
    }
