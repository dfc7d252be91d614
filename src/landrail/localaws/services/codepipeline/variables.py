"""`#{namespace.name}` in an action's configuration, put in when the action starts."""

from __future__ import annotations

import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"#\{([A-Za-z0-9@\-_]+)\.([A-Za-z0-9@\-_.]+)\}")


class UnknownVariable(Exception):
    """A configuration names a variable that no action has produced."""


def resolve(
    configuration: Mapping[str, str], namespaces: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return the configuration with every reference replaced; raises UnknownVariable."""

    def value(match: re.Match[str]) -> str:
        namespace, name = match.groups()
        found = namespaces.get(namespace, {}).get(name)
        if found is None:
            raise UnknownVariable(
                f"the variable #{{{namespace}.{name}}} is not known when the action starts"
            )
        return found

    return {key: _REFERENCE.sub(value, text) for key, text in configuration.items()}
