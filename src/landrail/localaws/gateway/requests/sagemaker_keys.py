"""SageMaker: the condition keys of a request, which its guardrails are made of.

Source: Service Authorization Reference, "Amazon SageMaker". A key is set only for the actions that
the published data says carry it. Where a request has several definitions of jobs, a key is there
only if every one gives it, so that none slips through beside another; what AWS does then is not
documented.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from landrail.localaws.gateway.requests.arns import all_at, at_path
from landrail.localaws.gateway.requests.keys import as_text, from_parameters
from landrail.localaws.gateway.requests.used_keys import named_key
from landrail.localaws.gateway.requests.values import Authorization, Call, ContextValue, Lookup
from landrail.policy.reference.sagemaker_parameters import (
    LEAVES,
    LISTS,
    OTHER_LISTS,
    OTHER_TEXTS,
    TEXTS,
)
from landrail.policy.reference.services import action_names, keys_of_action, same_key

Params = Mapping[str, Any]
_PREFIX = "sagemaker"
_NOT_SETTINGS = ("Environment", "Tags", "HyperParameters", "StaticHyperParameters")
_DEFINITIONS = ("TrainingJobDefinition", "TrainingJobDefinitions")
_IF_ANY = "sagemaker:FileSystem"
# Each path with its first member, by which most are known not to be in a request.
_PATHS = {
    key: tuple((path.partition(".")[0].lower(), path) for path in paths.split())
    for key, paths in TEXTS.items()
}
_given = from_parameters(OTHER_TEXTS, OTHER_LISTS)


def keys(call: Call) -> Mapping[str, ContextValue]:
    """Return the keys of a request; absent: not given."""
    context = {**_merged([_read(part) for part in _parts(call)]), **_given(call)}
    context.update(_by_name(call, context))
    carried = _carried(call.operation)
    return {key: value for key, value in context.items() if carried(key.lower())}


def key_arns(call: Call, needed: Authorization, lookup: Lookup) -> Mapping[str, ContextValue]:
    """Return the keys that are ARNs of KMS keys, where the request names a key by its id; and which
    call gives the tags."""
    found: dict[str, ContextValue] = {}
    for name, value in keys(call).items():
        if name.endswith("KmsKeyArn") and isinstance(value, str):
            found[name] = named_key(value, call, lookup) or value
    if needed.action == "sagemaker:AddTags" and call.operation != "AddTags":
        found["sagemaker:TaggingAction"] = call.operation
    return found


def _parts(call: Call) -> list[Params]:
    """Return what stands for itself in a request: the definitions of a tuning job, groups of a
    cluster that is in no VPC as a whole, the document of a job of any kind, else the request."""
    params = call.params
    if call.operation == "CreateJob":
        return [_document(params.get("JobConfigDocument"))]
    if call.operation == "CreateHyperParameterTuningJob":
        return [part for part in _all_in(params, _DEFINITIONS) if isinstance(part, Mapping)] or [{}]
    if call.operation == "CreateCluster" and not params.get("VpcConfig"):
        groups = ("InstanceGroups", "RestrictedInstanceGroups")
        return [part for part in _all_in(params, groups) if isinstance(part, Mapping)] or [{}]
    return [params]


def _document(text: Any) -> Params:
    try:
        document = json.loads(str(text))
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _all_in(params: Params, names: Sequence[str]) -> Iterator[Any]:
    """Yield the members of parameters, each alone or in a list."""
    for name in names:
        value = params.get(name)
        yield from value if isinstance(value, list | tuple) else () if value is None else (value,)


def _read(params: Params) -> dict[str, ContextValue]:
    found: dict[str, ContextValue] = {}
    given = {name.lower() for name in params}
    for key, paths in _PATHS.items():
        values = [
            as_text(v) for first, path in paths if first in given for v in all_at(params, path)
        ]
        if values:
            found[key] = values[0]
    leaves: dict[str, list[str]] = {}
    _gather(params, leaves)
    for name, values in leaves.items():
        if name in LISTS:
            key = LISTS[name]
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *values)))
        else:
            found[LEAVES[name]] = _worst(values)
    for older in ("VolumeKmsKey", "OutputKmsKey"):
        if f"sagemaker:{older}Arn" in found:
            found[f"sagemaker:{older}"] = found[f"sagemaker:{older}Arn"]
    return found


def _gather(value: Any, found: dict[str, list[str]]) -> None:
    if isinstance(value, list | tuple):
        for item in value:
            _gather(item, found)
        return
    if not isinstance(value, Mapping):
        return
    for name, inner in value.items():
        if name in _NOT_SETTINGS:
            continue
        if name in LISTS:
            items = inner if isinstance(inner, list | tuple) else [inner]
            found.setdefault(name, []).extend(str(item) for item in items)
        elif name in LEAVES and not isinstance(inner, Mapping | list | tuple):
            found.setdefault(name, []).append(as_text(inner))
        else:
            _gather(inner, found)


def _worst(values: Sequence[str]) -> str:
    """Of several settings of one name, the one that is off."""
    return "false" if "false" in values else values[0]


def _merged(read: Sequence[Mapping[str, ContextValue]]) -> dict[str, ContextValue]:
    merged: dict[str, ContextValue] = {}
    for key in dict.fromkeys(key for one in read for key in one):
        values = [one[key] for one in read if key in one]
        if len(values) < len(read) and not key.startswith(_IF_ANY):
            continue
        lists = [value for value in values if isinstance(value, tuple)]
        texts = [value for value in values if isinstance(value, str)]
        merged[key] = (
            tuple(dict.fromkeys(v for one in lists for v in one)) if lists else _furthest(texts)
        )
    return merged


def _furthest(texts: Sequence[str]) -> str:
    """Of several definitions' values the one that is off, or the largest number."""
    if all(text.isdigit() for text in texts):
        return max(texts, key=int)
    return _worst(texts)


def _by_name(call: Call, context: Mapping[str, ContextValue]) -> Iterator[tuple[str, ContextValue]]:
    """Yield keys with a name of the request's in them, and those of what is there at all."""
    params = call.params
    base = f"arn:aws:sagemaker:{call.region}:{call.account}"
    properties = params.get("CustomerMetadataProperties")
    for name, value in properties.items() if isinstance(properties, Mapping) else ():
        yield f"sagemaker:CustomerMetadataProperties/{name}", str(value)
    for item in params.get("VisibilityConditions") or ():
        if isinstance(item, Mapping) and item.get("Key"):
            yield f"sagemaker:SearchVisibilityCondition/{item['Key']}", str(item.get("Value"))
    if "OfflineStoreConfig" in params:
        yield "sagemaker:FeatureGroupOfflineStoreConfig", "true"
    if _gated(params):
        yield "sagemaker:DirectGatedModelAccess", "true"
    owner = at_path(params, "OwnershipSettings.OwnerUserProfileName")
    domain = params.get("DomainId")
    if owner and domain:
        yield "sagemaker:OwnerUserProfileArn", f"{base}:user-profile/{domain}/{owner}"
    configs = context.get("sagemaker:NotebookInstanceLifecycleConfigArns")
    if configs:
        named = (configs,) if isinstance(configs, str) else configs
        kind = f"{base}:notebook-instance-lifecycle-config"
        yield (
            "sagemaker:NotebookInstanceLifecycleConfigArns",
            tuple(name if name.startswith("arn:") else f"{kind}/{name}" for name in named),
        )
    team = context.get("sagemaker:WorkteamArn")
    if isinstance(team, str) and "/" in team:
        yield "sagemaker:WorkteamType", team.split("/")[-2]
    model = _model(params)
    if model:
        yield "sagemaker:ModelArn", f"{base}:model/{model.lower()}"


def _model(params: Params) -> str | None:
    """Return the model that a request serves, if every part of it names one."""
    variants = list(_all_in(params, ("ProductionVariants", "ShadowProductionVariants")))
    parts = variants or list(_all_in(params, ("Specification", "Specifications"))) or [params]
    named = [part.get("ModelName") for part in parts if isinstance(part, Mapping)]
    return str(named[0]) if named and all(named) else None


def _gated(value: Any) -> bool:
    """Whether a licence is accepted for a model that comes by no hub."""
    if isinstance(value, list | tuple):
        return any(_gated(item) for item in value)
    if not isinstance(value, Mapping):
        return False
    accepted = at_path(value, "ModelAccessConfig.AcceptEula")
    if accepted and not value.get("HubAccessConfig"):
        return True
    return any(_gated(inner) for name, inner in value.items() if name not in _NOT_SETTINGS)


class _Carried:
    """Whether requests of an operation carry a key (in lower case)."""

    def __init__(self, operation: str) -> None:
        self.own = keys_of_action(_PREFIX, operation)

    def __call__(self, key: str) -> bool:
        known = {key, f"{key}arn"}
        if any(same_key(one, carried) for carried in self.own for one in known):
            return True
        return not any(same_key(one, carried) for carried in _by_any() for one in known)


@lru_cache(maxsize=1024)
def _carried(operation: str) -> _Carried:
    return _Carried(operation)


@lru_cache(maxsize=1)
def _by_any() -> frozenset[str]:
    return frozenset(key for name in action_names(_PREFIX) for key in keys_of_action(_PREFIX, name))
