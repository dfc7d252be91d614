"""The local AWS of a folder: started, looked at, entered, stopped, forgotten."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SMALL = """\
platform: small
region: eu-west-1
email: aws+{account}@small.example
accounts:
  shared: {kind: shared-services, environments: [prod]}
operators: [olga]
auditors: [audrey]
break_glass: [olga]
"""


def landrail(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    search = os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p)
    return subprocess.run(
        [sys.executable, "-m", "landrail", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": search, **more},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def told(folder: Path, *arguments: str) -> dict[str, object]:
    done = landrail(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "landrail.yaml").write_text(SMALL)
    yield tmp_path
    landrail(tmp_path, "local", "stop")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose platform stands."""
    path = tmp_path_factory.mktemp("standing")
    (path / "landrail.yaml").write_text(SMALL)
    done = landrail(path, "apply", "--auto-approve")
    assert done.returncode == 0, done.stdout + done.stderr
    yield path
    landrail(path, "local", "stop")


def test_start_status_stop(folder: Path) -> None:
    assert told(folder, "local", "status")["running"] is False
    first = told(folder, "local", "start")
    assert first["running"] is True
    assert first["healthy"] is True
    assert str(first["endpoint"]).startswith("http://127.0.0.1:")
    assert first["isolation"]
    again = told(folder, "local", "start")
    assert again["pid"] == first["pid"]
    assert told(folder, "local", "stop")["stopped"] is True
    assert told(folder, "local", "stop")["stopped"] is False
    assert told(folder, "local", "status")["running"] is False


def test_two_folders_do_not_disturb_each_other(folder: Path, tmp_path_factory) -> None:
    other = tmp_path_factory.mktemp("other")
    try:
        one, two = told(folder, "local", "start"), told(other, "local", "start")
        assert one["endpoint"] != two["endpoint"]
        assert told(other, "local", "stop")["stopped"] is True
        assert told(folder, "local", "status")["healthy"] is True
    finally:
        landrail(other, "local", "stop")


def test_two_starts_at_once_make_one_server(folder: Path) -> None:
    search = os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p)
    command = [sys.executable, "-m", "landrail", "local", "start", "--json"]
    environment = {**os.environ, "PYTHONPATH": search}
    starts = [
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    pids = {json.loads(start.communicate()[0])["pid"] for start in starts}
    assert len(pids) == 1


def test_a_killed_server_is_told_as_not_running_and_starts_again(folder: Path) -> None:
    pid = int(str(told(folder, "local", "start")["pid"]))
    os.kill(pid, signal.SIGKILL)
    for _ in range(100):
        if told(folder, "local", "status")["running"] is False:
            break
        time.sleep(0.05)
    assert told(folder, "local", "start")["healthy"] is True


def test_a_strange_process_of_the_same_pid_is_left_alone(folder: Path) -> None:
    told(folder, "local", "start")
    told(folder, "local", "stop")
    facts = folder / ".landrail" / "server.json"
    if facts.exists():
        facts.write_text(json.dumps({**json.loads(facts.read_text()), "pid": os.getpid()}))
    assert told(folder, "local", "stop")["stopped"] is False


def test_reset_asks(folder: Path) -> None:
    told(folder, "local", "start")
    refused = landrail(folder, "local", "reset")
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    assert (folder / ".landrail").exists()
    assert landrail(folder, "local", "reset", "--yes").returncode == 0
    assert not (folder / ".landrail").exists()


def test_entering_where_nothing_runs_says_how_to_start(folder: Path) -> None:
    done = landrail(folder, "as", "olga@management", "--", "true")
    assert done.returncode == 1
    assert "landrail local start" in done.stderr


def test_as_runs_a_command_as_the_person_and_passes_its_exit_code_on(standing: Path) -> None:
    call = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    done = landrail(standing, "as", "audrey@shared-prod", "--", "python", "-c", call)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(":assumed-role/auditor/audrey")
    assert done.stderr.startswith("target  local (.landrail, 127.0.0.1:")
    assert (
        landrail(standing, "as", "audrey@shared-prod", "--", "sh", "-c", "exit 7").returncode == 7
    )


def test_nothing_ambient_of_aws_reaches_the_command(standing: Path, tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[default]\nregion = us-gov-west-1\n")
    done = landrail(
        standing,
        *("as", "audrey@shared-prod", "--", "sh", "-c"),
        "env | grep -E '^(AWS_|GIT_CONFIG)' | sort; aws configure get region; "
        "aws sts get-caller-identity --query Arn --output text",
        HOME=str(tmp_path),
        AWS_PROFILE="production",
        AWS_ACCESS_KEY_ID="AKIAAMBIENT",
        AWS_ENDPOINT_URL_S3="https://elsewhere.example",
    )
    assert "AKIAAMBIENT" not in done.stdout
    assert "AWS_PROFILE" not in done.stdout
    assert "elsewhere" not in done.stdout
    assert "us-gov" not in done.stdout
    assert done.stdout.strip().endswith(":assumed-role/auditor/audrey")


def test_s3_control_finds_its_way_by_aws_s_own_name(standing: Path) -> None:
    done = landrail(
        standing,
        *("as", "break-glass@shared-prod", "--", "sh", "-c"),
        "aws s3control get-public-access-block --account-id $LANDRAIL_ACCOUNT_ID --output json",
    )
    assert done.returncode == 0, done.stderr
    assert all(json.loads(done.stdout)["PublicAccessBlockConfiguration"].values())


def test_env_can_be_evaluated_by_a_shell(standing: Path) -> None:
    done = landrail(standing, "local", "env", "audrey@shared-prod", AWS_PROFILE="x")
    assert done.returncode == 0, done.stderr
    check = subprocess.run(
        ["sh", "-c", f'{done.stdout}\necho "$LANDRAIL_WHO $AWS_REGION ${{AWS_PROFILE-none}}"'],
        env={"AWS_PROFILE": "x", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert check.stdout.strip() == "audrey@shared-prod eu-west-1 none"


def test_secrets_are_in_no_line_but_those_of_env(standing: Path) -> None:
    facts = json.loads((standing / ".landrail" / "server.json").read_text())
    secrets = (facts["secret"], facts["bootstrap"]["secret_access_key"])
    for command in (("local", "status"), ("show",), ("as", "audrey@audit", "--", "true")):
        done = landrail(standing, *command)
        assert not any(secret in done.stdout + done.stderr for secret in secrets)


def test_a_missing_program_is_told(standing: Path) -> None:
    done = landrail(standing, "as", "audrey@audit", "--", "no-such-program")
    assert done.returncode == 1
    assert "there is no program `no-such-program`" in done.stderr


def test_what_is_no_program_of_this_machine_is_told(standing: Path) -> None:
    (standing / "plain").write_text("echo here\n")
    (standing / "plain").chmod(0o755)
    done = landrail(standing, "as", "audrey@audit", "--", "./plain")
    assert done.returncode == 1
    assert "`./plain` cannot be run: Exec format error" in done.stderr
    assert "#!" in done.stderr
    done = landrail(standing, "as", "audrey@audit", "--netwrk", "audit", "--", "true")
    assert done.returncode == 2
    assert "No such option '--netwrk'. Did you mean '--network'?" in done.stderr


def test_a_shell_without_a_terminal_runs_what_it_is_given(standing: Path) -> None:
    script = f"{sys.executable} -m landrail shell audrey@audit"
    given = 'echo "$LANDRAIL_WHO"; command -v landrail; exit 3'
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=standing,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(Path(p).resolve()) for p in sys.path)},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stdout.splitlines()[0] == "audrey@audit"
    said = " ".join(done.stderr.split())
    assert said.startswith("target local (.landrail, ")
    assert said.partition(") ")[2].startswith("audrey as auditor of audit (")
    assert len(said.partition("audit (")[2]) == len("123456789012)")
    assert done.stderr.startswith("target  local")


def test_a_denial_is_explained_by_its_id_as_it_is_pasted(standing: Path) -> None:
    command = ("aws", "s3", "mb", "s3://denied-to-auditors")
    denied = landrail(standing, "as", "audrey@audit", "--", *command)
    pasted = denied.stderr[denied.stderr.index("[explain: ") :].strip()
    event = pasted.removeprefix("[explain: ").removesuffix("]")
    bare = event.removeprefix("e-")
    for written in (pasted, event, event[:10], bare, f"explain: {event}"):
        done = landrail(standing, "explain", written)
        assert done.returncode == 0, done.stderr
        assert "may not s3:CreateBucket" in done.stdout
    assert landrail(standing, "explain", "e-").returncode == 2


def test_can_names_the_account_that_is_meant(standing: Path) -> None:
    arn = "arn:aws:iam::adit:role/x"
    done = landrail(standing, "can", "audrey@audit", "iam:GetRole", arn)
    assert done.returncode == 2
    shown = " ".join(done.stderr.split())
    assert "there is no account `adit` did you mean `audit`? accounts here: management" in shown


def test_where_one_is_fits_the_screen(standing: Path) -> None:
    done = landrail(standing, "as", "audrey@shared-prod", "--", "true", COLUMNS="60")
    assert done.returncode == 0
    assert max(len(line) for line in done.stderr.splitlines()) <= 60


def test_show_names_accounts_roles_and_guardrails(standing: Path) -> None:
    shown = told(standing, "show")
    accounts = {a["name"]: a for a in shown["accounts"]}  # type: ignore[attr-defined]  # JSON
    assert set(accounts) == {"management", "log-archive", "audit", "shared-prod"}
    assert "auditor" in accounts["audit"]["roles"]
    assert shown["policies"]
    text = landrail(standing, "show")
    assert text.stdout.startswith("target  local (.landrail")
    assert max(len(line) for line in text.stdout.splitlines()) <= 100
