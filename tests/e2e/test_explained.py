"""Every denial of the demo is explained: what denied, by which condition, where that is attached,
where it comes from, and who can."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click
import pytest

from landrail.cli.views.explain import explain_data, explain_lines
from landrail.operations.explain import explain
from tests.e2e.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

_DENIED = ("EXPLICIT_DENY", "IMPLICIT_DENY")


def _entries(demo: Demo, decisions: tuple[str, ...] = _DENIED) -> Iterator[dict[str, Any]]:
    with (demo.folder / ".landrail" / "trail.jsonl").open(encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            if entry["landrail"].get("decision") in decisions:
                yield entry


@pytest.fixture(scope="module")
def events(demo: Demo) -> dict[str, str]:
    """The denied acts of the demo, and one of each other kind of denial on its trail."""
    found = {a["event"]: a["wish"] for a in demo.report["acts"] if a["expected"] == "denied"}
    seen: set[tuple[str, ...]] = set()
    for entry in _entries(demo):
        decision, who = entry["landrail"], str(entry["userIdentity"].get("arn", ""))
        kind = (decision["layer"], decision["why"], entry["eventName"], who.split("/")[1])
        if kind not in seen and entry["eventID"] not in found:
            found[entry["eventID"]] = entry["eventName"]
        seen.add(kind)
    return found


def test_each_denial_names_what_denied_and_why(demo: Demo, events: Mapping[str, str]) -> None:
    assert len([a for a in demo.report["acts"] if a["expected"] == "denied"]) >= 15
    kinds = set()
    for event, wish in events.items():
        explained = explain(demo.file, event)
        text = " ".join(click.unstyle(" ".join(explain_lines(explained))).split())
        (decision,) = explain_data(explained)["decisions"]
        kinds.add((decision["decision"], decision["layer"]))
        assert decision["decision"] in _DENIED, wish
        assert f"may not {decision['action']}" in text, wish
        if decision["decision"] == "EXPLICIT_DENY":
            _explicit(decision, text, wish)
        else:
            _implicit(decision, text, wish)
    assert ("EXPLICIT_DENY", "scp") in kinds
    assert ("IMPLICIT_DENY", "identity") in kinds
    assert ("IMPLICIT_DENY", "trust") in kinds


def _explicit(decision: dict[str, Any], text: str, wish: str) -> None:
    finding = next(
        f
        for layer in decision["layers"]
        for f in layer["findings"]
        if (f["policy"], f["sid"]) == (decision["policy"], decision["sid"])
        and f["level"] == decision["level"]
    )
    assert finding["effect"] == "Deny"
    assert finding["matched"], wish
    said = f"DENIES policy {decision['policy']}, statement {decision['sid']}, attached to "
    assert said + decision["attachedTo"] in text, wish
    for condition in finding["conditions"]:
        assert condition["actual"] is not None
        assert condition["passed"]
        assert f"condition {condition['key']} = {condition['actual']}" in text, wish
        assert f"{condition['operator']} {condition['expected'][0]}" in text, wish
    if decision["layer"] == "scp":
        assert f"from guardrail {decision['guardrail']}" in text, wish
    if any(c["key"] == "aws:PrincipalArn" for c in finding["conditions"]):
        assert "who is exempt arn:aws:iam::*:role/" in text, wish
    assert "who can" in text, wish


def _implicit(decision: dict[str, Any], text: str, wish: str) -> None:
    lacking = [each for each in decision["layers"] if each["outcome"] == "IMPLICIT_DENY"]
    if decision["layer"] != "trust":
        assert lacking, wish
        assert "allows nothing here (" in text, wish
    for layer in lacking:
        assert layer["policies"] or not layer["statements"], wish
        for near in layer["elsewhere"][:3]:
            assert f"policy {near['policy']}, statement" in text, wish
    assert f"because {decision['action']} is denied because" in text, wish
    assert "who can" in text, wish


def test_a_release_is_explained_on_the_command_line(demo: Demo) -> None:
    act = next(
        a
        for a in demo.report["acts"]
        if a["call"] == "sagemaker:DeleteEndpoint" and a["caller"].endswith("uat")
    )
    text = demo.run("explain", act["event"]).stdout
    assert "guardrail release-only" in text
    can = "role release-stack of passengers-uat, entered by cloudformation.amazonaws.com"
    assert can in " ".join(text.split())
    short = json.loads(demo.run("explain", act["event"][:10], "--json").stdout)
    assert short["event"] == act["event"]
    (decision,) = short["decisions"]
    assert {"role", "account", "entered_by"} <= decision["who_can"][0].keys()
    assert decision["guardrail"] == "release-only"


def test_an_id_that_is_none_shows_the_latest_denials(demo: Demo) -> None:
    known = {entry["eventID"] for entry in _entries(demo, (*_DENIED, "Deny"))}
    ended = demo.run("explain", "e-000000000000", ok=False)
    assert ended.returncode == 2
    assert any(event in ended.stderr + ended.stdout for event in known)
    latest = json.loads(demo.run("explain", "--last", "--json").stdout)
    assert latest["event"] in known
    assert demo.run("explain", ok=False).returncode == 2
