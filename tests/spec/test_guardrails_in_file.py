"""What a file may say of guardrails, in each of its forms: read, written again, and described."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from landrail.guardrails import guardrails
from landrail.operations.project import open_project
from landrail.operations.schema import schema
from landrail.spec import Platform
from landrail.spec.choices import Choice
from landrail.spec.load import Beyond, load

HEAD = """\
platform: acme-ml
region: eu-west-1
email: aws+{account}@acme.example
lines_of_business: [retail]
"""
DENY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*"}],
}
FORMS: dict[str, tuple[Any, Choice]] = {
    "a set": ("recommended", Choice("recommended")),
    "an id": ("require-tls", Choice("require-tls")),
    "values for all": (
        {"regions": ["eu-west-1"]},
        Choice("regions", values={"root": ("eu-west-1",)}),
    ),
    "values by kind": (
        {"instance-types": {"data-science": ["ml.t3.*", "ml.m5.*"], "uat": ["ml.m5.*"]}},
        Choice(
            "instance-types",
            values={"data-science": ("ml.t3.*", "ml.m5.*"), "uat": ("ml.m5.*",)},
        ),
    ),
    "values beside settings": (
        {"regions": {"values": ["eu-west-1"], "mode": "monitor", "in": ["uat"]}},
        Choice("regions", "monitor", ("uat",), values={"root": ("eu-west-1",)}),
    ),
    "a mode in places": (
        {"require-tls": {"mode": "monitor", "in": ["uat", "Workloads/Production"]}},
        Choice("require-tls", "monitor", ("uat", "Workloads/Production")),
    ),
    "off with a reason": (
        {"require-tls": {"mode": "off", "reason": "no clients with TLS yet"}},
        Choice("require-tls", "off", reason="no clients with TLS yet"),
    ),
    "a policy of one's own": (
        {"policy": "deny-x", "file": "policies/deny-x.json", "in": ["production"]},
        Choice("deny-x", places=("production",), file="policies/deny-x.json"),
    ),
    "a resource policy of one's own": (
        {"policy": "deny-x", "file": "x.json", "type": "rcp", "mode": "monitor"},
        Choice("deny-x", "monitor", file="x.json", type="rcp"),
    ),
}


def read(entry: Any) -> Platform:
    text = f"{HEAD}guardrails: {json.dumps([entry])}\n"
    return load(text, "landrail.yaml", Beyond(read=lambda _: json.dumps(_policy(entry)).encode()))


def _policy(entry: Any) -> dict[str, Any]:
    named = {"Principal": "*"} if entry.get("type") == "rcp" else {}
    action = {"Action": "s3:PutObject"} if named else {}
    return {**DENY, "Statement": [{**DENY["Statement"][0], **named, **action}]}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read_and_written_again(form: str) -> None:
    entry, choice = FORMS[form]
    document = read(entry)
    assert document.guardrails == (choice,)
    written = document.model_dump(by_alias=True)
    assert written["guardrails"] == [entry]
    assert Platform.model_validate(written).guardrails == document.guardrails


def test_the_json_schema_knows_every_guardrail_and_form() -> None:
    described = schema()["properties"]["guardrails"]
    word, chosen, own = described["items"]["anyOf"]
    assert set(word["enum"]) == {"recommended", *guardrails()}
    assert set(chosen["propertyNames"]["enum"]) == set(guardrails())
    _, settings = chosen["additionalProperties"]["anyOf"]
    assert {"mode", "in", "reason", "values", "uat"} <= set(settings["properties"])
    assert settings["then"] == {"required": ["reason"]}
    assert own["required"] == ["policy", "file"]
    assert described["default"] == ["recommended"]


def test_a_waiver_lasts_to_the_end_of_its_day() -> None:
    waiver = (
        "{guardrail: require-tls, account: retail-uat, resource: 'arn:aws:s3:::a*', owner: eli, "
        "reason: old clients, approver: sam, expires: 2027-01-01}"
    )
    (made,) = load(f"{HEAD}waivers: [{waiver}]\n", "landrail.yaml").waivers
    assert made.expires == date(2027, 1, 1)
    assert not made.ended(date(2027, 1, 1))
    assert made.ended(date(2027, 1, 2))


def test_a_plan_of_another_policy_is_a_plan_of_another_file(tmp_path: Path) -> None:
    file, policy = tmp_path / "landrail.yaml", tmp_path / "deny.json"
    file.write_text(f"{HEAD}guardrails: [{{policy: x, file: deny.json}}]\n", encoding="utf-8")
    policy.write_text(json.dumps(DENY), encoding="utf-8")
    before = open_project(file)
    assert open_project(file).digest == before.digest
    policy.write_text(json.dumps(DENY).replace("RunInstances", "StartInstances"), encoding="utf-8")
    after = open_project(file)
    assert after.digest != before.digest
    assert after.document.source is not None
    assert "StartInstances" in after.document.source.policies["x"].text
