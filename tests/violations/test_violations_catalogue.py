"""The violations and the catalogue: every guardrail that is in force on the airline's platform and
finds something is broken by one, or it is said why none can be made there."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from landrail.compiler.guardrails.choosing import chosen
from landrail.guardrails import guardrails
from landrail.operations.project import open_project

from .violation import violations

_ROOT = Path(__file__).resolve().parents[2]
_HEADING = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
UNBROKEN = yaml.safe_load((Path(__file__).parent / "unbroken.yaml").read_text(encoding="utf-8"))


def in_force() -> dict[str, set[str]]:
    """The rules of each guardrail that the example puts in force."""
    document = open_project(_ROOT / "examples" / "airline" / "landrail.yaml").document
    return {
        guardrail.id: {detective.rule for detective in guardrail.detective}
        for guardrail in chosen(document).guardrails
        if guardrail.detective
    }


def test_each_guardrail_that_finds_something_has_a_violation_or_a_reason() -> None:
    broken = {name for violation in violations() for name in violation.found}
    broken |= {violation.guardrail for violation in violations()}
    assert broken <= set(guardrails())
    assert set(in_force()) - broken == set(UNBROKEN)
    assert all(UNBROKEN.values())


def test_there_are_enough_of_them_in_enough_accounts() -> None:
    made = [violation for violation in violations() if not violation.unmade]
    assert len(made) >= 60
    assert len({violation.account for violation in made}) >= 5


def test_what_was_written_by_hand_is_made_all_of_it() -> None:
    """The cases are those of the page that was written before looking at the rules, and the local
    AWS can make each of them."""
    page = (Path(__file__).parent / "by_hand.md").read_text(encoding="utf-8")
    written = {(int(number), title) for number, title in _HEADING.findall(page)}
    by_hand = [violation for violation in violations() if violation.hand]
    assert len(by_hand) >= 10
    assert {(v.hand, v.name.partition("/")[2].lower()) for v in by_hand} == {
        (number, title.lower()) for number, title in written
    }
    assert [v.name for v in by_hand if v.unmade] == []


def test_what_nothing_stops_says_why() -> None:
    """A guardrail whose violations are all stopped by nothing has no preventive form, or one that
    holds when somebody comes (a resource control policy)."""
    stopped = {v.guardrail for v in violations() if v.denied}
    free = {v.guardrail for v in violations() if v.because} - stopped
    held = {name for name in free if guardrails()[name].service_control is not None}
    assert held == set()
