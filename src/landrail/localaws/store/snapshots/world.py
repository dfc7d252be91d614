"""All that moto keeps: the backends of every service and account, and what lies beside them.

`collect` shows it as one value, `install` puts such a value into a moto in which nothing has
happened yet. A counter or container of moto's that has changed and is not named here makes
`collect` refuse: a snapshot without it would bring another state back.
"""

from __future__ import annotations

import importlib
import sys
from collections import deque
from typing import Any

from moto.core.base_backend import BackendDict

from landrail.localaws.store import determinism
from landrail.localaws.store.snapshots import pickling
from landrail.localaws.store.snapshots.pickling import Unfit

Place = tuple[str, str, str]
"""Module, class ("" for the module itself) and attribute."""

KEPT: tuple[Place, ...] = (
    ("moto.logs.models", "LogEvent", "_event_id"),
    ("moto.logs.models", "LogStream", "_log_ids"),
    ("moto.ec2.models.vpcs", "VPCBackend", "vpc_refs"),
    (
        "moto.ec2.models.transit_gateway_attachments",
        "TransitGatewayAttachmentBackend",
        "backend_refs",
    ),
    ("moto.ec2.models.vpc_peering_connections", "VPCPeeringConnectionBackend", "vpc_pcx_refs"),
    ("moto.securityhub.models", "SecurityHubBackend", "_org_configs"),
    ("moto.ec2.models.vpcs", "", "DEFAULT_VPC_ENDPOINT_SERVICES"),
)
"""What moto keeps outside its backends."""
_CACHES: frozenset[Place] = frozenset(
    {
        ("moto.core.authorization", "ActionAuthenticatorMixin", "request_count"),
        ("moto.core.base_backend", "BackendDict", "_instances"),
        ("moto.core.model_instances", "", "model_data"),
        ("moto.ec2.models.instance_types", "", "INSTANCE_TYPE_OFFERINGS"),
    }
)
"""What moto fills again by itself, and what means nothing here."""
_OF_EVERY_BACKENDS = {"backend", "service_name", "_use_boto3_regions", "_additional_regions", "_id"}
_first: dict[Place, int] = {}
_looked: set[str] = set()


def look() -> None:
    """Remember how modules of moto that were loaded since the last look begin."""
    for name in [n for n in sys.modules if n.startswith("moto.") and n not in _looked]:
        _looked.add(name)
        for place, value in _counted(name):
            _first[place] = _size(value)


def _counted(name: str) -> list[tuple[Place, Any]]:
    module = sys.modules[name]
    found: list[tuple[Place, Any]] = []
    for attribute, value in list(vars(module).items()):
        if isinstance(value, type) and value.__module__ == name:
            for inner, held in list(vars(value).items()):
                if _counts(held) and not inner.startswith("__"):
                    found.append(((name, value.__qualname__, inner), held))
        elif _counts(value) and not attribute.startswith("__"):
            found.append(((name, "", attribute), value))
    return found


def _counts(value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool)
    return isinstance(value, dict | list | set | deque) and not isinstance(value, BackendDict)


def _size(value: Any) -> int:
    return value if isinstance(value, int) else len(value)


def unknown() -> list[Place]:
    """Return what has changed in moto and is in none of the lists above."""
    known = {id(_get(place)) for place in (*KEPT, *_CACHES) if place[0] in sys.modules}
    return [
        place
        for name in sorted(_looked)
        for place, value in _counted(name)
        if place in _first
        and _first[place] != _size(value)
        and place not in KEPT
        and place not in _CACHES
        and (isinstance(value, int) or id(value) not in known)
    ]


def collect() -> tuple[Any, Any]:
    """Return what moto keeps, as it stands: the accounts of every service, and the rest. Raises
    Unfit where moto keeps something that is not known here."""
    strange = unknown()
    if strange:
        raise Unfit("what moto keeps in " + ", ".join(".".join(p) for p in strange))
    held = [(pickling.name_of(b), b) for b in pickling.in_use()]
    accounts = [list(dict.items(b)) for _, b in held]
    frame = [(held[i][0], [name for name, _ in there]) for i, there in enumerate(accounts)]
    contents = [[(name, list(dict.items(kept))) for name, kept in there] for there in accounts]
    beside = [_beside(b) for _, b in held]
    places = [(p, _get(p)) for p in KEPT if p[0] in sys.modules]
    return frame, (contents, beside, places, determinism.founded())


def _beside(held: BackendDict[Any]) -> dict[str, Any]:
    return {k: v for k, v in vars(held).items() if k not in _OF_EVERY_BACKENDS}


def prepare(frame: Any) -> None:
    """Make the accounts of every service, empty; what is loaded then refers to them."""
    for (module, name), accounts in frame:
        held = pickling.backends(module, name)
        for account in accounts:
            held._create_account_specific_backend(account)


def install(frame: Any, rest: Any) -> None:
    """Fill the accounts that `prepare` made."""
    contents, beside, places, founded = rest
    determinism.found(founded)
    for ((module, name), _), accounts, extra in zip(frame, contents, beside, strict=True):
        held = pickling.backends(module, name)
        vars(held).update(extra)
        for account, regions in accounts:
            for region, backend in regions:
                dict.__setitem__(held[account], region, backend)
    for (module, owner, attribute), value in places:
        loaded = importlib.import_module(module)
        setattr(getattr(loaded, owner) if owner else loaded, attribute, value)


def forget(frame: Any) -> None:
    """Take away what `prepare` made."""
    for (module, name), _ in frame:
        held = pickling.backends(module, name)
        held.clear()
        pickling.in_use().remove(held)


def _get(place: Place) -> Any:
    module = sys.modules[place[0]]
    return getattr(getattr(module, place[1]) if place[1] else module, place[2])
