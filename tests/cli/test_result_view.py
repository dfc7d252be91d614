"""The end of an apply that did not come to its end: what failed stands last and is not drowned."""

from __future__ import annotations

import click
import pytest

from landrail.cli.views.result import result_data, result_lines
from landrail.operations.performing import Result
from landrail.plan import Plan
from landrail.resources import Address


def address(name: str) -> Address:
    return Address("a", "stack", name)


@pytest.fixture
def result() -> Result:
    account = Address("organization", "account", "audit")
    skipped = {address(f"s{n}"): account for n in range(40)}
    skipped[address("t")] = address("u")
    return Result(
        plan=Plan("acme", "apply", "landrail.yaml", "sha256:0", "sha256:1", ()),
        done=(),
        failed={account: "AccessDenied: no (CreateAccount)"},
        skipped=skipped,
        not_started=(),
        seconds=1.0,
        calls=1,
        mutating=1,
    )


def test_many_that_wait_for_one_are_counted_and_few_named(result: Result) -> None:
    lines = [click.unstyle(line) for line in result_lines(result, "landrail apply")]
    assert lines[0] == "skipped  40 changes: they wait for organization/account/audit"
    assert lines[1].startswith("skipped  a/")
    assert lines[2].startswith("failed   organization/account/audit: AccessDenied")
    assert lines[-1] == "go on with:  landrail apply"
    assert len(result_data(result)["skipped"]) == 41
