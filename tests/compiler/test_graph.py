"""The graph of what is wanted: nothing dangles, nothing turns in a circle, little waits long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from landrail.compiler import compile_platform
from landrail.resources import (
    AccountDefaults,
    Address,
    Resource,
    Stack,
    Token,
    Wanted,
    tokens,
)

DEEPEST = 12


def edges(wanted: Wanted) -> dict[Address, set[Address]]:
    return {made.address: set(made.depends_on) | set(_implied(made)) for made in wanted.resources}


def _implied(made: Resource) -> Iterator[Address]:
    if isinstance(made, Stack):
        yield Address("organization", "account", made.account)
        for token in tokens(made.template):
            yield _source(token)
    if isinstance(made, AccountDefaults):
        yield Address("organization", "account", made.account)


def _source(token: Token) -> Address:
    if token.kind == "account":
        return Address("organization", "account", token.name)
    if token.kind == "output":
        account, stack, _ = token.name.split("/")
        return Address(account, "stack", stack)
    return Address("organization", "organization", "root")


def depth(graph: dict[Address, set[Address]]) -> int:
    depths: dict[Address, int] = {}

    def walk(at: Address, above: tuple[Address, ...]) -> int:
        assert at not in above, f"a circle: {' -> '.join(map(str, above))}"
        if at not in depths:
            depths[at] = 1 + max((walk(to, (*above, at)) for to in graph[at]), default=0)
        return depths[at]

    return max(walk(at, ()) for at in graph)


@pytest.mark.parametrize("layout", ["workloads", "lines-of-business"])
@pytest.mark.parametrize("lines", [0, 1, 2, 18])
def test_every_size_and_layout_compiles_within_the_limits(build, lines: int, layout: str) -> None:
    platform = build([f"line-{n}" for n in range(lines)], layout=layout)
    graph = edges(compile_platform(platform))
    assert not {to for all_ in graph.values() for to in all_} - graph.keys()
    assert depth(graph) <= DEEPEST


def test_addresses_are_unique(two: Wanted) -> None:
    addresses = [made.address for made in two.resources]
    assert len(set(addresses)) == len(addresses)


def test_a_third_line_changes_other_accounts_in_place(build) -> None:
    before = compile_platform(build(["retail", "risk"]))
    after = compile_platform(build(["retail", "risk", "third"]))
    old = {made.address: made for made in before.resources}
    new = {made.address: made for made in after.resources}
    assert not old.keys() - new.keys()
    for address, stack in old.items():
        if not isinstance(stack, Stack):
            continue
        for logical, was in stack.template["Resources"].items():
            now = new[address].template["Resources"].get(logical)
            assert now is not None, f"{address} loses {logical}"
            assert now["Type"] == was["Type"]
            for name in ("RoleName", "BucketName", "Name", "TableInput", "AliasName"):
                assert now["Properties"].get(name) == was["Properties"].get(name)


def test_a_line_without_team_or_model_touches_only_lists_of_roles(build) -> None:
    plain = build(["retail", "risk"])
    before = compile_platform(plain)
    after = compile_platform(
        plain.model_copy(update={"lines_of_business": ("retail", "risk", "third")})
    )
    old = {made.address: made for made in before.resources}
    here = {made.account for made in before.resources if isinstance(made, Stack)}
    added = [
        made.address
        for made in after.resources
        if isinstance(made, Stack) and made.address not in old and made.account in here
    ]
    changed = {
        str(made.address)
        for made in after.resources
        if isinstance(made, Stack) and made.address in old and made != old[made.address]
    }
    assert added == []
    assert changed == {"shared-prod/landrail-pipeline-roles", "audit/landrail-aggregator"}
