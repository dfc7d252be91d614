"""Violations as data: what breaks a guardrail, what an audit says of it, what would have stopped
it.

    a bucket without versions:
      guardrail: require-bucket-versioning
      account: passengers-uat
      before: [calls]         # by break-glass: what it is about, as it should be
      made: [calls]           # by break-glass: what is wrong
      found: {GUARDRAIL: RESOURCE}    # all that an audit finds of it, by id, name or ARN
      fixed: [GUARDRAIL]      # what of it `--fix` puts right
      denied: [calls]         # by the account's administrator: each is refused by a control policy
      because: REASON         # in the place of `denied`: why nothing stops it; it then succeeds
      tried: [calls]          # what then succeeds, where it is not all of `made`
      unmade: REASON          # why it cannot be: the last of `made` is not supported by the local
                              # AWS, or a resource control policy refuses it to break-glass too
      twin: [calls]           # by the administrator: the compliant way, which succeeds
      hand: NUMBER            # of one that was written before looking at the rules: see by_hand.md

A call is `service:Operation: {parameters}`, with `keep: {name: JMESPATH}` for what later calls need
as `$name`, and `as: ROLE` for another caller. `$it` is a name that nothing else has: what is done
by break-glass has another than what the administrator does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent / "cases"
_KEPT = ("keep", "as")
Calls = tuple["Call", ...]


@dataclass(frozen=True)
class Call:
    """One call, before its names are filled in."""

    service: str
    operation: str
    given: Mapping[str, Any]
    keep: Mapping[str, str] = field(default_factory=dict)
    who: str = ""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One thing that is wrong, and its compliant twin."""

    name: str
    guardrail: str
    account: str
    made: Calls
    found: Mapping[str, tuple[str, ...]]
    before: Calls = ()
    fixed: tuple[str, ...] = ()
    denied: Calls = ()
    because: str = ""
    tried: Calls = ()
    unmade: str = ""
    twin: Calls = ()
    hand: int = 0


@dataclass(frozen=True)
class Text:
    """A text of JSON, written as what it says; of a policy, its statements."""

    said: Any
    is_policy: bool

    def value(self) -> Any:
        """What the text says."""
        if not self.is_policy:
            return self.said
        statements = self.said if isinstance(self.said, list) else [self.said]
        allowed = [{"Effect": "Allow", **statement} for statement in statements]
        return {"Version": "2012-10-17", "Statement": allowed}


class _Loader(yaml.SafeLoader):
    """YAML in which `!json` and `!allow` are texts. What they say is built before they are read."""


def _text(is_policy: bool) -> Callable[[_Loader, yaml.Node], Text]:
    def text(loader: _Loader, node: yaml.Node) -> Text:
        if isinstance(node, yaml.MappingNode):
            return Text(loader.construct_mapping(node), is_policy)
        return Text(loader.construct_sequence(node), is_policy)

    return text


_Loader.add_constructor("!json", _text(is_policy=False))
_Loader.add_constructor("!allow", _text(is_policy=True))


def violations() -> list[Violation]:
    """All violations of all files, those by hand last: they switch off what is made after them;
    raises ValueError for one that says too little or too much."""
    return [
        _violation(f"{path.stem}/{name}", entry)
        for path in sorted(CASES.glob("*.yaml"), key=lambda path: (path.stem == "by_hand", path))
        for name, entry in _read(path).items()
        if not name.startswith("_")
    ]


def ground() -> Calls:
    """What is there in every account before anything is wrong."""
    return _calls(_read(CASES.parent / "ground.yaml"))


def _read(path: Path) -> Any:
    # A subclass of the safe loader: it builds texts, lists and mappings.
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)


def _violation(name: str, entry: Mapping[str, Any]) -> Violation:
    said = dict(entry)
    unknown = set(said) - {one.name for one in fields(Violation)}
    if unknown or bool(said.get("denied")) == bool(said.get("because")):
        raise ValueError(f"{name}: {unknown or 'either `denied` or `because`'}")
    for key in ("before", "made", "denied", "tried", "twin"):
        said[key] = _calls(said.get(key) or [])
    found = {} if said.get("unmade") else said.get("found") or {said["guardrail"]: "$it"}
    said["found"] = {key: _several(value) for key, value in found.items()}
    said["fixed"] = _several(said.get("fixed") or [])
    return Violation(name=name, **said)


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _calls(entries: list[Any]) -> Calls:
    flat = (one for entry in entries for one in (entry if isinstance(entry, list) else [entry]))
    return tuple(map(_call, flat))


def _call(entry: Mapping[str, Any]) -> Call:
    (name,) = (key for key in entry if key not in _KEPT)
    service, _, operation = name.partition(":")
    kept = entry.get("keep") or {}
    return Call(service, operation, entry[name] or {}, kept, entry.get("as", ""))
