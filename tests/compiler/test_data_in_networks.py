"""A data set that asks for its readers' networks: decided on the compiled bucket policy."""

from __future__ import annotations

from typing import Any

import pytest
from compiled_world import World

from landrail.compiler import compile_platform
from landrail.resources import Stack, Token, output, tokens

LAKE = "data-prod"
DATA = f"arn:aws:s3:::acme-ml-lake-asked-@{{account:{LAKE}}}/asked/v=1/x"
READERS = {"retail-data-science": "job", "retail-uat": "job", "retail-production": "model"}
SCIENCE = "retail-data-science"


def endpoint(account: str) -> str:
    return output(account, "landrail-network", "EndpointS3")


@pytest.fixture(scope="module")
def world(build: Any) -> World:
    datasets = {
        "asked": {"owner": "data", "share": ["retail"], "network": "required"},
        "free": {"owner": "data", "share": ["retail"]},
    }
    made = World(compile_platform(build(["retail"], datasets=datasets)))
    made.values |= {
        Token("output", f"{name}/landrail-network/EndpointS3"): f"vpce-{number}"
        for number, name in enumerate(READERS)
    }
    return made


def read(world: World, who: str, at: str, **context: Any) -> bool:
    policy = world.bucket_policy(LAKE, "landrail-dataset-asked")
    return world.decide(
        at, who, "s3:GetObject", DATA, owner=LAKE, resource_policy=policy, **context
    ).allowed


@pytest.mark.parametrize(
    ("number", "account", "who"), [(n, a, w) for n, (a, w) in enumerate(READERS.items())]
)
def test_it_is_read_through_the_endpoint_of_a_reader_s_account(world, number, account, who):
    assert read(world, who, account, aws__SourceVpce=f"vpce-{number}")
    assert not read(world, who, account, aws__SourceIp="203.0.113.7")
    assert not read(world, who, account, aws__SourceVpce="vpce-other")


def test_a_scientist_reads_it_from_the_network_and_not_from_home(world):
    ana, at = "data-scientist-team-retail", SCIENCE
    assert read(world, ana, at, aws__SourceVpce="vpce-0")
    assert not read(world, ana, at, aws__SourceIp="203.0.113.7")


def test_who_publishes_it_reads_it_from_anywhere(world):
    assert read(world, "data-engineer-team-retail", LAKE, aws__SourceIp="203.0.113.7")


def test_a_service_that_reads_for_a_scientist_is_let_be(world):
    ana, at = "data-scientist-team-retail", SCIENCE
    assert read(world, ana, at, aws__ViaAWSService="true")
    assert not read(world, ana, at, aws__ViaAWSService="false")


def test_the_stack_waits_for_the_networks(world):
    stacks = {(s.account, s.name): s for s in world.wanted.of_kind(Stack)}
    asked = stacks[LAKE, "landrail-dataset-asked"].template
    named = {token.name for token in tokens(asked) if token.kind == "output"}
    assert named == {f"{name}/landrail-network/EndpointS3" for name in READERS}
    for name in READERS:
        assert "EndpointS3" in stacks[name, "landrail-network"].template["Outputs"]
    free = stacks[LAKE, "landrail-dataset-free"].template
    assert not [token for token in tokens(free) if token.kind == "output"]
