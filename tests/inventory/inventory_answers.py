"""An Ask that answers from a file, in shapes that botocore's models of AWS know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import yaml
from botocore.model import ServiceModel, Shape

from landrail.inventory import Realm, Refused

ACCOUNT, NEIGHBOUR = "111122223333", "444455556666"
OURS = Realm("o-ours", frozenset({ACCOUNT, NEIGHBOUR}))
ANSWERS = Path(__file__).parent / "answers"


def recorded(name: str) -> dict[str, Any]:
    """A file of answers."""
    found: dict[str, Any] = yaml.safe_load((ANSWERS / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


class Answering:
    """Answers by service and operation; where several are given, the first whose parameters are
    those that were asked with."""

    def __init__(self, answers: Mapping[str, Any], realm: Realm = OURS) -> None:
        self.account, self.region, self.realm = ACCOUNT, "eu-west-1", realm
        self.asked: Counter[str] = Counter()
        self._answers = answers

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        key = f"{service}:{operation}"
        self.asked[key] += 1
        model = _model(service).operation_model(operation)
        assert model.input_shape is None or set(parameters) <= set(model.input_shape.members), key
        cases = self._answers[key]
        for case in [{"says": cases}] if isinstance(cases, dict) else cases:
            if case.get("with", {}).items() <= parameters.items():
                if "refuses" in case:
                    raise Refused(*case["refuses"])
                _fits(model.output_shape, case["says"], key)
                return dict(case["says"])
        raise AssertionError(f"no answer to {key} {parameters}")


@cache
def _model(service: str) -> ServiceModel:
    return botocore.session.Session().get_service_model(service)


def _fits(shape: Shape | None, value: Any, where: str) -> None:
    """Hold an answer to the names of the operation's model, so that none is made up."""
    assert shape is not None, where
    if shape.type_name == "structure":
        assert set(value) <= set(shape.members), f"{where}: {set(value) - set(shape.members)}"
        for name, held in value.items():
            _fits(shape.members[name], held, f"{where}.{name}")
    elif shape.type_name == "list":
        for held in value:
            _fits(shape.member, held, where)
