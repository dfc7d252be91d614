"""`landrail policy`: lines of requests and files of policies, through the front door."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landrail.cli import main

ALLOW = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}],
}
WRONG = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "arn:aws:s3:::b/*"}],
}


def line(identity: Any = "1", **more: Any) -> dict[str, Any]:
    request = {
        "principal": "arn:aws:iam::111122223333:role/x",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "resource_account": "111122223333",
    }
    return {"id": identity, "request": {**request, **more}, "identity_policies": [ALLOW]}


@pytest.fixture
def evaluated(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., tuple[int, list[dict[str, Any]]]]:
    def run(content: bytes, *options: str) -> tuple[int, list[dict[str, Any]]]:
        file = tmp_path / "lines.jsonl"
        file.write_bytes(content)
        code = main(["policy", "evaluate", str(file), *options])
        out = capfdbinary.readouterr().out
        return code, [json.loads(answer) for answer in out.splitlines()]

    return run


def test_answers_come_in_the_order_of_the_lines(evaluated: Any) -> None:
    lines = [line(n, action="s3:GetObject" if n % 3 else "s3:PutObject") for n in range(50)]
    code, answers = evaluated("\n".join(json.dumps(one) for one in lines).encode())
    assert code == 0
    assert [answer["id"] for answer in answers] == list(range(50))
    assert [answer["decision"] for answer in answers] == [
        "ALLOW" if n % 3 else "IMPLICIT_DENY" for n in range(50)
    ]
    assert set(answers[0]) == {"id", "decision", "reason", "matched"}


@pytest.mark.parametrize(
    ("wrong", "identity", "said"),
    [
        (b"not json", None, "not valid JSON"),
        (b"\xff\xfe", None, "not UTF-8"),
        (b"[1]", None, "not an object"),
        (b'{"id": 7, "id": 8}', None, "stands twice"),
        (b'{"id": 7, "request": {"action": "a:b", "action": "a:c"}}', 7, "stands twice"),
        (b'{"id": 7}', 7, "`request`"),
        (b'{"id": 7, "requests": {}}', 7, "requests"),
        (b'{"id": NaN}', None, "NaN"),
        (b"[" * 100_000, None, "nested too deeply"),
        (b'{"id": 7 "request": {}}', None, "at character 10: Expecting ',' delimiter"),
        (b'{"id": 7', None, "at character"),
        (b'{"id": ' + b"1" * 5_000 + b"}", None, "a number of 5000 digits"),
    ],
)
def test_a_wrong_line_is_answered_and_the_rest_goes_on(
    evaluated: Any, wrong: bytes, identity: Any, said: str
) -> None:
    good = json.dumps(line()).encode()
    code, answers = evaluated(b"\n".join((good, wrong, good)) + b"\n")
    assert code == 0
    assert [a.get("decision") for a in answers] == ["ALLOW", None, "ALLOW"]
    assert answers[1]["id"] == identity
    assert said in answers[1]["error"]
    assert set(answers[1]) == {"id", "error"}


def test_wrong_lines_can_be_a_failure(evaluated: Any) -> None:
    good = json.dumps(line()).encode()
    assert evaluated(good + b"\nwrong\n", "--strict")[0] == 1
    assert evaluated(good, "--strict")[0] == 0


def test_files_of_other_systems_are_read(evaluated: Any) -> None:
    good = json.dumps(line()).encode()
    _, answers = evaluated(b"\xef\xbb\xbf" + good + b"\r\n\r\n   \n" + good + b"\r\n")
    assert [a["decision"] for a in answers] == ["ALLOW", "ALLOW"]


def test_a_line_may_be_long(evaluated: Any) -> None:
    many = {**ALLOW["Statement"][0], "Resource": [f"arn:aws:s3:::b{n}/*" for n in range(5_000)]}
    long = line(resource="arn:aws:s3:::b4999/k")
    long["identity_policies"] = [{"Version": "2012-10-17", "Statement": [many]}]
    _, answers = evaluated(json.dumps(long).encode())
    assert answers[0]["decision"] == "ALLOW"


def test_the_standard_input_is_answered_line_by_line() -> None:
    """A program can ask and wait for the answer; when it leaves, nothing is said about it."""
    command = [sys.executable, "-m", "landrail", "policy", "evaluate", "-"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        for number in range(3):
            process.stdin.write(json.dumps(line(number)).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdout.close()
        process.stdin.write(json.dumps(line()).encode() + b"\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=30) == 1


def test_deciding_lines_loads_nothing_heavy() -> None:
    code = (
        "import sys; import landrail.cli.commands.policy;"
        "print([m for m in ('boto3', 'moto', 'pydantic', 'yaml') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_file_that_is_not_there_is_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "evaluate", str(tmp_path / "gone")]) == 2
    assert main(["policy", "lint", str(tmp_path / "gone")]) == 2
    assert main(["policy", "lint", str(tmp_path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_all_files_that_cannot_be_read_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = kept(tmp_path, "wrong.json", WRONG)
    assert main(["policy", "lint", str(tmp_path / "gone"), wrong, str(tmp_path)]) == 2
    shown = " ".join(capsys.readouterr().err.split())
    assert "gone` cannot be read" in shown
    assert f"`{tmp_path}` cannot be read" in shown
    assert "2 mistakes" in shown


def test_evaluate_takes_the_option_for_json(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    lines = kept(tmp_path, "lines", json.dumps(line()))
    assert main(["policy", "evaluate", "--json", lines]) == 0
    assert json.loads(capfdbinary.readouterr().out)["decision"] == "ALLOW"
    assert main(["policy", "evaluate", "--json", str(tmp_path / "gone")]) == 2
    assert json.loads(capfdbinary.readouterr().out)["ok"] is False


def kept(folder: Path, name: str, content: Any) -> str:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    return str(file)


def test_findings_name_the_place_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = kept(tmp_path, "wrong.json", WRONG)
    assert main(["policy", "lint", wrong]) == 1
    shown = capsys.readouterr().out
    assert f"{wrong}:6:14  warning  unknown-action" in shown
    assert "did you mean `s3:GetObject`?" in shown
    right = kept(tmp_path, "right.json", ALLOW)
    assert main(["policy", "lint", right, right]) == 0
    assert "2 policies (identity): nothing found" in capsys.readouterr().out


def test_findings_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = kept(tmp_path, "wrong.json", WRONG)
    assert main(["policy", "lint", "--json", wrong]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["counts"]["warning"] == 1
    (finding,) = told["files"][0]["findings"]
    assert (finding["id"], finding["level"]) == ("unknown-action", "warning")
    assert (finding["line"], finding["column"]) == (6, 14)


@pytest.mark.parametrize(
    ("level", "code"), [("error", 0), ("security", 0), ("warning", 1), ("suggestion", 1)]
)
def test_how_bad_is_a_failure_can_be_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], level: str, code: int
) -> None:
    wrong = kept(tmp_path, "wrong.json", WRONG)
    assert main(["policy", "lint", "--fail-on", level, wrong]) == code
    capsys.readouterr()


def test_the_kind_is_given_or_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def kind(name: str, content: Any, *options: str) -> str:
        main(["policy", "lint", "--json", kept(tmp_path, name, content), *options])
        found: str = json.loads(capsys.readouterr().out)["files"][0]["kind"]
        return found

    trust = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}
    assert kind("a.json", ALLOW) == "identity"
    assert kind("deny.scp.json", ALLOW) == "scp"
    assert kind("a.json", ALLOW, "--kind", "boundary") == "boundary"
    assert kind("a.json", {**ALLOW, "Statement": [trust]}) == "trust"
    bucket = {**trust, "Action": "s3:GetObject", "Resource": "*"}
    assert kind("scp.json", {**ALLOW, "Statement": [bucket]}) == "resource"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}', "CloudFormation template"),
        ("Resources:\n  Role:\n", "CloudFormation template"),
        ("Version: 2012-10-17\nStatement: []\n", "looks like YAML"),
    ],
)
def test_what_is_no_policy_text_is_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    assert main(["policy", "lint", kept(tmp_path, "x", content)]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_policy_on_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = io.TextIOWrapper(io.BytesIO(json.dumps(WRONG).encode()))
    monkeypatch.setattr(sys, "stdin", given)
    assert main(["policy", "lint", "-"]) == 1
    assert "standard input:1:" in capsys.readouterr().out
