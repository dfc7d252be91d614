"""What a service's table says where its operations differ from the general way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from landrail.localaws.gateway.requests.values import Authorization, Call, ContextValue, Lookup

Resolver = Callable[[Call, Lookup], Sequence[Authorization]]
KeysUsed = Callable[[Call, Sequence[Authorization], Lookup], list[Authorization]]
Each = Callable[[Call, Authorization, Lookup], Mapping[str, ContextValue]]
Names = Mapping[str, Sequence[str]]
Keys = Callable[[Call], Mapping[str, ContextValue]]


def no_keys(_call: Call) -> Mapping[str, ContextValue]:
    """Return no keys: the service has none that follow from parameters."""
    return {}


@dataclass(frozen=True, slots=True)
class Rules:
    """A service's own rules. `prefix` is its action prefix.

    `actions` renames operations (an empty tuple: needs no permission); `gaps` are operations that
    have no published action; `names` maps ARN variables to parameter paths and
    `stand_ins` to the text for those not found; `owner` is the parameter that names the account of
    the resources; `custom` resolves an operation wholly, `also` adds to it, and `every` and
    `always` do so for operations that these do not have; `keys` gives the service's condition keys;
    `passed_to` is the service that roles in the parameters are passed to by the operations `passes`
    (all that change something, where it is empty). `of` are `names` for one operation alone;
    `unnamed` are operations that name their resource by a token that only the service can read: it
    is `*` there. `used_keys` gives what the service asks of KMS in the caller's name, of the
    authorizations found, `each` the keys of one of the operation's own authorizations: those of its
    resource.
    """

    prefix: str
    actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gaps: frozenset[str] = frozenset()
    names: Names = field(default_factory=dict)
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None
    custom: Mapping[str, Resolver] = field(default_factory=dict)
    every: Resolver | None = None
    keys: Keys = no_keys
    passed_to: str | None = None
    passes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    also: Mapping[str, Resolver] = field(default_factory=dict)
    always: Resolver | None = None
    of: Mapping[str, Names] = field(default_factory=dict)
    unnamed: frozenset[str] = frozenset()
    used_keys: KeysUsed | None = None
    each: Each | None = None
