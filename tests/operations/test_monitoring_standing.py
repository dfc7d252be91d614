"""`landrail guardrails monitor` on a platform that stands: what is monitored is not attached, and
told from the calls that were made."""

from __future__ import annotations

import json

import pytest
from acme_platform import FILE

from landrail.cli import main

DENY = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Deny", "Action": "ssm:PutParameter", "Resource": "*"},
}


def test_calls_that_would_have_been_denied_are_told(
    platform, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = platform.file.parent
    (folder / "deny.json").write_text(json.dumps(DENY), encoding="utf-8")
    file = folder / "monitored.yaml"
    entry = "  - {policy: watch, file: deny.json, in: [uat], mode: monitor, reason: a trial}\n"
    file.write_text(f"{FILE}\nguardrails:\n  - recommended\n{entry}", encoding="utf-8")
    for account in ("retail-uat", "retail-production"):
        for name in ("/landrail/trial/a", "/landrail/trial/b"):
            given = {"Name": name, "Value": "1", "Type": "String", "Overwrite": True}
            platform.call(account, "ssm", "PutParameter", **given)
    assert main(["guardrails", "monitor", "--json", "-f", str(file)]) == 0
    (told,) = json.loads(capsys.readouterr().out)["guardrails"]
    assert told["guardrail"] == "watch"
    assert told["would_have_denied"] == 2
    (who,) = told["principals"]
    assert who.endswith(":role/landrail/platform")
    assert {call["action"] for call in told["calls"]} == {"ssm:PutParameter"}
    assert main(["guardrails", "monitor", "-f", str(file)]) == 0
    assert "watch (Workloads/UAT): would have denied 2 calls by 1 principal" in (
        capsys.readouterr().out
    )
    assert main(["guardrails", "monitor", "wach", "-f", str(file)]) == 2
    assert "did you mean `watch`?" in capsys.readouterr().err
