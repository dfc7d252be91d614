"""Malformed requests: nothing breaks, nothing leaks, and nothing is authorized that should not be.

Every original is authorized as it is. A mutant that changes anything a signature covers leaves no
line in the trail at all; one that was signed after it was changed is decided for what it names now.
"""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fuzz_after import AFTER
from fuzz_before import before
from fuzz_originals import Original, originals
from fuzz_reading import LEAKS, flaw, meaning
from fuzz_stage import CANARY, Stage, make_stage, snapshot
from signed_wire import exchange

_TAG = re.compile(r"fuzz-(\d+)-(\d+)-end")


def _number(text: str) -> int | None:
    """The number of a mutant by its user agent, which nobody signs and mutations may hit too."""
    found = _TAG.search(text)
    return int(found[1]) if found and int(found[1]) * 7919 == int(found[2]) else None


def _agents(raw: bytes) -> str:
    """What a request says of its user agent."""
    found = re.findall(rb"(?im)^user-agent:([^\r\n]*)", raw.partition(b"\r\n\r\n")[0])
    return b",".join(found).decode("latin-1")


@pytest.fixture(scope="module")
def stage(local_aws):
    """What is fuzzed; made once."""
    return make_stage(local_aws)


@dataclass
class Trail:
    """What the trail says of the principal from here on."""

    file: Path
    start: int
    arn: str

    def entries(self) -> Iterator[dict[str, Any]]:
        """The lines since, of this principal."""
        with self.file.open("rb") as lines:
            lines.seek(self.start)
            for line in lines:
                entry = json.loads(line)
                if self.arn in str(entry["userIdentity"].get("arn")):
                    yield entry


def _trail(stage: Stage) -> Trail:
    file = stage.local.state / "trail.jsonl"
    return Trail(file, file.stat().st_size, f"{stage.account}:assumed-role/fuzz-target/fuzz")


def _allowed(entry: dict[str, Any]) -> bool:
    return entry["landrail"].get("decision") == "Allow"


def _tagged(original: Original, number: int) -> Original:
    loose = {**original.call.loose, "User-Agent": f"fuzz-{number}-{number * 7919}-end"}
    return Original(
        original.name, original.call.with_(loose=loose), original.sign, original.protocol
    )


def test_every_original_is_authorized(stage):
    trail, sent = _trail(stage), originals(stage)
    for number, original in enumerate(sent):
        tagged = _tagged(original, number)
        replies = exchange(stage.endpoint, tagged.sign(stage, tagged.call).raw(), half=True)
        assert replies[0].status < 300, (original.name, replies[0].text)
    seen = {_number(entry["userAgent"]) for entry in trail.entries() if _allowed(entry)}
    assert seen == set(range(len(sent)))


def _mutants_after(stage: Stage, count: int, seed: int) -> None:
    trail, sent = _trail(stage), originals(stage)
    names: dict[int, str] = {}
    harmless: set[int] = set()
    untagged, wrong = 0, []
    for number in range(count):
        dice = random.Random(f"{seed}/{number}")
        original = _tagged(dice.choice(sent), number)
        raw = original.sign(stage, original.call).raw()
        mutate = dice.choice(AFTER)
        mutant = mutate(dice, raw)
        names[number] = f"{original.name}, {mutate.__name__}: {mutant[:600]!r}"
        s3 = original.call.service == "s3"
        if meaning(mutant, s3) == meaning(raw, s3):
            harmless.add(number)
            untagged += _number(_agents(mutant)) is None
        replies = exchange(stage.endpoint, mutant, half=True)
        method = mutant.split(b" ")[0].decode("latin-1")
        for reply in replies:
            said = flaw(reply, method)
            if reply.status < 400 and number not in harmless:
                said = f"answered {reply.status}"
            if CANARY in reply.text:
                said = "tells what is closed"
            if said:
                wrong.append((said, names[number]))
    assert not wrong, "\n".join(map(str, wrong))
    _nothing_slipped_in(trail, names, harmless, untagged)


def _nothing_slipped_in(
    trail: Trail, names: dict[int, str], harmless: set[int], untagged: int
) -> None:
    strangers = 0
    for entry in trail.entries():
        number = _number(entry["userAgent"])
        if number is None:
            strangers += 1
        else:
            assert number in harmless, (entry, names[number])
    assert strangers <= untagged


def _mutants_before(stage: Stage, count: int, seed: int) -> None:
    trail, sent, standing = _trail(stage), originals(stage), snapshot(stage)
    names: dict[int, str] = {}
    wrong = []
    for number in range(count):
        dice = random.Random(f"{seed}/{number}")
        original = _tagged(dice.choice(sent), number)
        mutate = dice.choice(before(original.call, original.protocol))
        call = mutate(dice, original.call)
        if dice.random() < 0.2:
            call = dice.choice(before(call, original.protocol))(dice, call)
        wire = original.sign(stage, call)
        names[number] = f"{original.name}, {mutate.__name__}: {wire.raw()[:900]!r}"
        replies = exchange(stage.endpoint, wire.raw(), half=True)
        said = flaw(replies[0], call.method) if len(replies) == 1 else f"{len(replies)} answers"
        if said or CANARY in replies[0].text:
            wrong.append((said or "tells what is closed", names[number]))
    assert not wrong, "\n".join(map(str, wrong))
    for entry in trail.entries():
        if _allowed(entry):
            name = names.get(_number(entry["userAgent"]) or 0)
            for one in entry["landrail"]["authorizations"]:
                # Of many things asked for at once, some may be allowed and the others not.
                refused = "DENY" in one.get("decision", "")
                assert refused or stage.may(one["action"], one["resource"]), (one, name)
    assert snapshot(stage) == standing


@pytest.mark.parametrize("seed", range(4))
def test_mutants_of_signed_requests(stage, seed):
    _mutants_after(stage, 325, seed)


@pytest.mark.parametrize("seed", range(4))
def test_requests_signed_after_they_were_mutated(stage, seed):
    _mutants_before(stage, 175, seed)


def _doors(stage: Stage) -> list[bytes]:
    """Requests to the doors that have schemes of their own, with credentials that are good."""
    ecr = stage.local.client("ecr", stage.session)
    token = ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    key = base64.b64encode(f"{stage.key.access}%{stage.key.token}:20260101T000000Z0".encode())
    person = stage.local.token("nobody")
    asked = [
        ("GET", "/v2/", f"Authorization: Basic {token}"),
        ("GET", "/v2/fuzz-target/tags/list", f"Authorization: Basic {token}"),
        ("GET", "/v2/fuzz-closed/manifests/latest", f"Authorization: Basic {token}"),
        ("POST", "/v2/fuzz-target/blobs/uploads/", f"Authorization: Basic {token}"),
        ("PUT", "/v2/fuzz-target/manifests/x", f"Authorization: Basic {token}"),
        (
            "GET",
            "/v1/repos/fuzz-target/info/refs?service=git-upload-pack",
            f"Authorization: Basic {key.decode()}",
        ),
        ("POST", "/v1/repos/fuzz-closed/git-receive-pack", f"Authorization: Basic {key.decode()}"),
        (
            "GET",
            "/federation/credentials?account_id=111122223333&role_name=x",
            f"x-amz-sso_bearer_token: {person}",
        ),
        ("GET", "/assignment/accounts", f"x-amz-sso_bearer_token: {person}"),
        ("POST", "/_landrail/identity/token", "Content-Type: application/json"),
        ("GET", "/_landrail/events/e-1", "Authorization: Bearer x"),
    ]
    return [
        f"{method} {path} HTTP/1.1\r\nHost: a\r\n{header}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
        for method, path, header in asked
    ]


def _mutants_at_doors(stage: Stage, count: int, seed: int) -> None:
    trail, sent, standing, wrong = _trail(stage), _doors(stage), snapshot(stage), []
    for number in range(count):
        dice = random.Random(f"{seed}/{number}")
        mutant = dice.choice(AFTER)(dice, dice.choice(sent))
        for reply in exchange(stage.endpoint, mutant, half=True):
            if reply.status >= 500 or LEAKS.search(reply.text) or CANARY in reply.text:
                wrong.append((reply.status, reply.text[:200], mutant[:300]))
    assert not wrong, "\n".join(map(str, wrong))
    for entry in trail.entries():
        for one in entry["landrail"].get("authorizations", ()) if _allowed(entry) else ():
            assert stage.may(one["action"], one["resource"]), one
    assert snapshot(stage) == standing


def test_mutants_at_the_doors(stage):
    _mutants_at_doors(stage, 300, 7)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 150))
def test_many_mutants(stage, seed):
    _mutants_after(stage, 1200, seed)
    _mutants_before(stage, 650, seed)
    _mutants_at_doors(stage, 150, seed)
