"""What a service's table says where its operations differ from the general way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from landrail.localaws.gateway.requests.values import Authorization, Call, ContextValue, Lookup

Resolver = Callable[[Call, Lookup], Sequence[Authorization]]
Keys = Callable[[Call], Mapping[str, ContextValue]]


def no_keys(_call: Call) -> Mapping[str, ContextValue]:
    """Return no keys: the service has none that follow from parameters."""
    return {}


@dataclass(frozen=True, slots=True)
class Rules:
    """A service's own rules. `prefix` is its action prefix.

    `actions` renames operations (an empty tuple: needs no permission); `gaps` are operations that
    have no published action; `names` maps ARN variables to parameters; `custom` resolves an
    operation wholly; `keys` adds the service's condition keys; `passed_to` is the service that
    roles are passed to, `pass_role` names the operations that pass roles by parameter paths.
    """

    prefix: str
    actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gaps: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    custom: Mapping[str, Resolver] = field(default_factory=dict)
    keys: Keys = no_keys
    passed_to: str | None = None
    also: Mapping[str, Resolver] = field(default_factory=dict)
