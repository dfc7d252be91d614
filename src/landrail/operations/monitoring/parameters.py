"""Condition keys that follow from a request's parameters, as CloudTrail records them.

Of most services the record does not say what a key was; then it is not known, and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.policy import ContextValue
from landrail.policy.reference.sagemaker_parameters import LEAVES, LISTS, TEXTS
from landrail.policy.reference.services import keys_of_action, same_key

_NOT_SETTINGS = frozenset({"environment", "tags", "hyperparameters", "statichyperparameters"})
_SEVERAL = frozenset({"createcluster", "createhyperparametertuningjob", "createjob"})
"""Operations whose parts are decided one by one, which a record does not show."""
_LEAVES = {name.lower(): key for name, key in LEAVES.items()}
_LISTS = {name.lower(): key for name, key in LISTS.items()}
_TWINS = ("VolumeKmsKey", "OutputKmsKey")
_OF_SAGEMAKER = frozenset(
    key.lower()
    for key in (
        *TEXTS,
        *LEAVES.values(),
        *LISTS.values(),
        *(f"sagemaker:{twin}" for twin in _TWINS),
    )
)
_TAGS = ("aws:requesttag/", "aws:tagkeys")


def is_known(action: str, key: str) -> bool:
    """Say whether the record of an action tells a key's value, or that the request had none."""
    service, _, name = action.lower().partition(":")
    carried = any(same_key(key, published) for published in keys_of_action(service, name))
    if key.startswith(_TAGS):
        return True
    if key.startswith("aws:"):
        return False
    if not carried:
        return True
    return service == "sagemaker" and name not in _SEVERAL and key in _OF_SAGEMAKER


def keys_of(action: str, parameters: Any) -> dict[str, ContextValue]:
    """Return the keys that a record's parameters give."""
    if not isinstance(parameters, Mapping):
        return {}
    found = dict(_tags(parameters))
    if action.lower().startswith("sagemaker:"):
        found |= _of_sagemaker(parameters)
    return found


def _tags(parameters: Mapping[str, Any]) -> Iterator[tuple[str, ContextValue]]:
    given = next((v for k, v in parameters.items() if k.lower() in ("tags", "tagset")), None)
    pairs: dict[str, str] = {}
    if isinstance(given, Mapping):
        pairs = {str(k): str(v) for k, v in given.items()}
    elif isinstance(given, list):
        for item in given:
            if isinstance(item, Mapping):
                lowered = {str(k).lower(): v for k, v in item.items()}
                if "key" in lowered:
                    pairs[str(lowered["key"])] = str(lowered.get("value", ""))
    for name, value in pairs.items():
        yield f"aws:RequestTag/{name}", value
    if pairs:
        yield "aws:TagKeys", tuple(pairs)


def _of_sagemaker(parameters: Mapping[str, Any]) -> dict[str, ContextValue]:
    found: dict[str, ContextValue] = {}
    for key, paths in TEXTS.items():
        texts = [t for path in paths.split() for t in _at(parameters, path.lower().split("."))]
        if texts:
            found[key] = texts[0]
    for twin in _TWINS:
        if f"sagemaker:{twin}Arn" in found:
            found[f"sagemaker:{twin}"] = found[f"sagemaker:{twin}Arn"]
    for name, text in _leaves(parameters):
        if name in _LISTS:
            before = found.get(_LISTS[name], ())
            found[_LISTS[name]] = (*before, text)
        elif found.get(_LEAVES[name]) != "false":
            found[_LEAVES[name]] = text
    return found


def _at(value: Any, path: list[str]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _at(item, path)
    elif not path:
        if value is not None and not isinstance(value, Mapping):
            yield _text(value)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name.lower() == path[0]:
                yield from _at(inner, path[1:])


def _leaves(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the settings that give a key wherever they stand."""
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            lowered = name.lower()
            if lowered in _NOT_SETTINGS:
                continue
            if lowered in _LISTS or lowered in _LEAVES:
                yield from ((lowered, text) for text in _at(inner, []))
            else:
                yield from _leaves(inner)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
