"""Prowler, from an environment of its own, finds nothing on the platform as applied but what the
list in `prowler.yaml` has, each line with its reason. These tests come before all others, which
leave things there."""

from __future__ import annotations

import pytest

from tests.airline import Platform
from tests.clients.prowling import (
    EVERYWHERE,
    SOME,
    Known,
    Line,
    Scan,
    listed,
    scans,
    unheard,
    unlisted,
)

pytestmark = pytest.mark.xdist_group("access")

# One of each kind, and all services in the two that have most of them.
KINDS = {
    **dict.fromkeys(
        ("management", "audit", "log-archive", "data-prod", "passengers-data-science"), EVERYWHERE
    ),
    **dict.fromkeys(("passengers-development", "passengers-uat"), EVERYWHERE),
    **dict.fromkeys(("shared-prod", "passengers-production"), EVERYWHERE + SOME),
}
PASSED = "s3_bucket_level_public_access_block"


@pytest.fixture(scope="module")
def made(airline: Platform) -> list[Scan]:
    return scans(airline.file, KINDS)


@pytest.mark.soak
def test_prowler_looks_at_everything_and_passes_most(made: list[Scan]) -> None:
    for one in made:
        assert {check for check in one.checks if check.startswith(("s3_", "sagemaker_"))}
        assert any(found["status"] == "PASS" for found in one.findings), one.account
    buckets = {found["id"] for one in made for found in one.findings if found["check"] == PASSED}
    assert len(buckets) >= len(KINDS)


@pytest.mark.soak
def test_what_prowler_finds_is_listed_with_its_reason(made: list[Scan]) -> None:
    everywhere, some, _ = listed()
    assert list(unlisted(made, everywhere + some)) == []


@pytest.mark.soak
def test_what_prowler_could_not_read_is_listed(made: list[Scan]) -> None:
    assert list(unheard(made, listed()[2])) == []


@pytest.mark.soak
def test_the_other_accounts_have_nothing_else(airline: Platform) -> None:
    others = [account for account in airline.ids if account not in KINDS]
    found = unlisted(scans(airline.file, dict.fromkeys(others, EVERYWHERE)), listed()[0])
    assert [line for line in found if line.startswith("not listed")] == []


def test_the_list_is_held_both_ways() -> None:
    found = {"check": "s3_a", "status": "FAIL", "id": "one", "says": "wrong"}
    scan = Scan("acc", ("s3_a",), (found, {**found, "status": "PASS", "id": "two"}), ("lost",))
    fits = Line("s3_*", "a reason", "acc:o*")
    assert list(unlisted([scan], [fits])) == []
    assert list(unlisted([scan], [])) == ["not listed: s3_a acc:one: wrong"]
    assert list(unlisted([scan], [fits, Line("s3_a", "a reason", "acc:two")])) == [
        "not found: Line(check='s3_a', reason='a reason', where='acc:two')"
    ]
    assert list(unheard([scan], [Known("lo*", "a reason")])) == []
    assert len(list(unheard([scan], [Known("other", "a reason")]))) == 2
