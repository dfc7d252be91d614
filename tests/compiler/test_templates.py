"""Templates are what CloudFormation takes, by AWS's schemas and by the local AWS's table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.decode.decode import decode_str
from cfnlint.runner import Runner

from landrail.localaws.services.cloudformation.types import TYPES
from landrail.resources import Stack, Wanted

TOKEN = re.compile(r"@\{[^}]*\}")


def stand_in(token: re.Match[str]) -> str:
    text = token[0]
    if text.startswith("@{output"):
        for word, kind in (("/Vpc", "vpc"), ("/Subnet", "subnet"), ("Group", "sg")):
            if word in text:
                return f"{kind}-0123456789abcdef0"
    return "o-landrail001" if "organization" in text else "012345678901"


def shapes(wanted: Wanted) -> Iterator[tuple[str, str]]:
    """Yield each template once, whatever account or person it is for."""
    seen: set[str] = set()
    for stack in wanted.of_kind(Stack):
        text = TOKEN.sub(stand_in, json.dumps(stack.template))
        shape = re.sub(r"(retail|risk|management|data-\w+|shared-\w+)", "X", text)
        if shape not in seen:
            seen.add(shape)
            yield str(stack.address), text


def test_cloudformation_takes_every_template(every_kind: Wanted) -> None:
    # One runner for all: to make its rules costs as much as to run them.
    runner = Runner(ConfigMixIn(regions=["eu-west-1"]))
    found = []
    for address, text in shapes(every_kind):
        template, errors = decode_str(text)
        matches = errors or runner.validate_template(template)
        found += [f"{address}: {match}" for match in matches]
    assert found == []


def test_the_local_aws_makes_every_type_and_property(every_kind: Wanted) -> None:
    missing: set[str] = set()
    for stack in every_kind.of_kind(Stack):
        for made in stack.template["Resources"].values():
            known = TYPES.get(made["Type"])
            if known is None:
                missing.add(made["Type"])
            else:
                strange = made["Properties"].keys() - known.properties.keys()
                missing.update(f"{made['Type']}.{name}" for name in strange)
    assert missing == set()


@pytest.mark.parametrize("section", ["Resources", "Description", "AWSTemplateFormatVersion"])
def test_every_template_has_its_sections(two: Wanted, section: str) -> None:
    assert all(section in stack.template for stack in two.of_kind(Stack))
