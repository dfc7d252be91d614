"""Cases of calls and what is read back, from YAML: `- SERVICE.operation: {parameters}` with `keep`
(names for parts of the answer, by JMESPath), `expect` (what such parts are) or `fails` (the code of
the error). `$name` in parameters and expectations stands for what was kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jmespath
import pytest
import yaml
from botocore.exceptions import ClientError

CASES = Path(__file__).parent / "cases"
_WORDS = ("keep", "expect", "fails", "as")
_NAME = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True)
class Case:
    """Steps under a name, from one file."""

    name: str
    steps: tuple[Mapping[str, Any], ...]


def cases() -> list[Case]:
    """All cases of all files."""
    return [
        Case(f"{path.stem}/{name}", tuple(steps))
        for path in sorted(CASES.glob("*.yaml"))
        for name, steps in yaml.safe_load(path.read_text()).items()
    ]


def run(case: Case, client: Callable[[str, str], Any], known: dict[str, Any]) -> None:
    """Make the calls of a case and look at what they answer; `client` makes a client of a service
    for `owner` or `other`."""
    for step in case.steps:
        (call,) = (key for key in step if key not in _WORDS)
        service, _, operation = call.partition(".")
        params = _filled(step[call] or {}, known)
        method = getattr(client(service, step.get("as", "owner")), operation)
        if "fails" in step:
            _must_fail(call, method, params, step["fails"])
            continue
        answer = method(**params)
        for name, path in (step.get("keep") or {}).items():
            known[name] = jmespath.search(path, answer)
            assert known[name] is not None, (call, path, answer)
        for path, value in (step.get("expect") or {}).items():
            found = jmespath.search(_text(path, known), answer)
            assert found == _filled(value, known), (call, path, found, answer)


def _must_fail(call: str, method: Any, params: Mapping[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as caught:
        method(**params)
    assert caught.value.response["Error"]["Code"] == code, (call, caught.value)


def _filled(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        return {_text(key, known): _filled(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, known) for item in value]
    if not isinstance(value, str):
        return value
    whole = _NAME.fullmatch(value)
    return known[whole[1]] if whole else _text(value, known)


def _text(value: Any, known: Mapping[str, Any]) -> Any:
    if not isinstance(value, str):
        return value
    return _NAME.sub(lambda match: str(known[match[1]]), value)
