"""On the airline's platform an audit finds nothing; then bad things are made in all kinds of
accounts, and it finds each of them and nothing else, puts right what is safe to, and finds what is
left. An account's administrator is denied all of it that can be denied, and does the same as it
should be. The tests follow each other on one platform."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from .acting import Known, attempt, perform
from .judging import command, difference, expected
from .violation import Violation, ground, violations
from .violations_platform import Airline, Refusal

pytestmark = pytest.mark.xdist_group("violations")
VIOLATIONS = violations()
KINDS = {"data-science", "uat", "production", "shared-services", "data-management"}
_LAYERS = {"scp", "rcp"}
_BLOCKED = "block public access setting"


@dataclass
class Site:
    """The platform, what each account has, and what is known of each violation that was made."""

    airline: Airline
    grounds: dict[str, Known] = field(default_factory=dict)
    made: list[tuple[Violation, Known]] = field(default_factory=list)
    numbers: int = 2

    def known(self, violation: Violation, name: str) -> Known:
        """What the calls of a violation know, with a name of its own."""
        self.numbers += 1
        it = f"{name}-{VIOLATIONS.index(violation):03d}"
        return {**self.grounds[violation.account], "it": it, "net": self.numbers % 250 + 2}


@pytest.fixture(scope="module")
def site(airline: Airline) -> Site:
    """The platform with its ground: nothing of it is wrong."""
    found = Site(airline)
    ids = {name.replace("-", ""): number for name, number in airline.ids.items()}
    for account in dict.fromkeys(v.account for v in VIOLATIONS):
        known = {**ids, "account": airline.ids[account]}
        perform(airline, ground(), "break-glass", account, known)
        found.grounds[account] = known
    return found


def test_what_is_applied_has_no_findings(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    clean = command(site.airline, capsys)
    assert (clean.found, clean.data["not_looked_at"], clean.code) == (set(), [], 0)


def test_an_administrator_is_denied_what_is_wrong_and_does_the_same_right(site: Site) -> None:
    wrong = []
    for violation in VIOLATIONS:
        known = site.known(violation, "good")
        perform(site.airline, violation.before, "break-glass", violation.account, known)
        for call in violation.denied:
            said = attempt(site.airline, call, "administrator", violation.account, known)
            if not (isinstance(said, Refusal) and _is_prevented(said)):
                wrong.append(f"{violation.name}: {call.operation} is not denied: {said}")
        try:
            perform(site.airline, violation.twin, "administrator", violation.account, known)
        except AssertionError as error:
            wrong.append(f"{violation.name}: {error}")
    assert wrong == []


def _is_prevented(said: Refusal) -> bool:
    """Whether a guardrail denied a call, or a block that guardrails keep on."""
    return (said.layer in _LAYERS and bool(said.guardrail)) or _BLOCKED in said.message


def test_each_violation_is_found_and_nothing_else(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    for violation in VIOLATIONS:
        known = site.known(violation, "bad")
        perform(site.airline, violation.before, "break-glass", violation.account, known)
        if violation.unmade:
            *first, last = violation.made
            perform(site.airline, tuple(first), "break-glass", violation.account, known)
            said = attempt(site.airline, last, "break-glass", violation.account, known)
            assert isinstance(said, Refusal), f"{violation.name} can be made by now"
            assert said.layer == "rcp" or "local AWS" in said.message, said
            continue
        perform(site.airline, violation.made, "break-glass", violation.account, known)
        site.made.append((violation, known))
    kinds = {site.airline.kind(violation.account) for violation, _ in site.made}
    assert kinds >= KINDS
    assert len(site.made) >= 60
    said = command(site.airline, capsys, "--fix", "--dry-run")
    assert (said.code, said.data["not_looked_at"], said.twice) == (1, [], [])
    assert difference(said.found, expected(site.made)) == {}
    assert all(step["calls"] or step["says"] for step in said.data["plan"])


def test_what_is_safe_to_put_right_is_put_right(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert site.made, "nothing was made"
    said = command(site.airline, capsys, "--fix", "--auto-approve")
    assert difference(said.found, expected(site.made)) == {}
    assert [one for one in said.data["fixes"] if not one["repaired"]] == []
    left = command(site.airline, capsys)
    assert difference(left.found, expected(site.made, "left")) == {}
    assert left.code == 1


def test_nothing_stops_an_administrator_where_that_is_said(site: Site) -> None:
    wrong = []
    for violation in VIOLATIONS:
        if violation.because:
            known = site.known(violation, "free")
            perform(site.airline, violation.before, "break-glass", violation.account, known)
            calls = violation.tried or violation.made
            try:
                perform(site.airline, calls, "administrator", violation.account, known)
            except AssertionError as error:
                wrong.append(f"{violation.name} can be denied by now: {error}")
    assert wrong == []
