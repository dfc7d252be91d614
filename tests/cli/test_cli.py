"""The command line through its front door."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from landrail.cli import main
from landrail.cli.catalogue import COMMANDS
from landrail.cli.screen import folded
from landrail.cli.typed import folded_command

HEAVY = ("pydantic", "botocore", "boto3", "rich", "yaml", "moto", "duckdb", "landrail.spec")


def python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from landrail.cli import main; code = main(['--help']);"
        f"heavy = [m for m in {HEAVY!r} if m in sys.modules];"
        "print('heavy:', heavy); sys.exit(code)"
    )
    done = python(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "heavy: []" in done.stdout
    for name in COMMANDS:
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_help_lines_are_those_of_the_commands(name: str) -> None:
    entry = COMMANDS[name]
    command = getattr(import_module(entry.module), entry.attribute)
    assert isinstance(command, click.Command)
    assert command.name == name
    assert command.help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_fits_the_screen(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 100


@pytest.mark.parametrize("name", ["local", "policy", "model"])
def test_no_help_of_a_command_breaks_off(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert "..." not in capsys.readouterr().out.partition("Commands:")[2]


def test_help_is_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 2
    assert "did you mean `--help`?" in capsys.readouterr().err


def test_an_unknown_command_is_wrong_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chekc"]) == 2
    assert "did you mean `check`?" in capsys.readouterr().err


def test_an_unknown_option_is_wrong_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--jsno"]) == 2
    assert "--json" in capsys.readouterr().err


def test_a_missing_file_is_wrong_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    shown = capsys.readouterr().err
    assert "there is no file `landrail.yaml`" in shown
    assert "landrail init" in shown


def test_init_then_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert "8 accounts" in capsys.readouterr().out
    assert "makes 8 accounts" in (tmp_path / "landrail.yaml").read_text()
    assert main(["check", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert len(told["accounts"]) == 8


def test_init_names_the_option_that_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--platform", "My Platform"]) == 2
    assert capsys.readouterr().err.startswith("--platform: `My Platform` is not a name")
    assert list(tmp_path.iterdir()) == []


def test_a_condition_key_that_nobody_defines_is_wrong_input(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["can", "ana@x", "s3:GetObject", "b/k"]
    wrong = ["aws:SourceVpcx=vpc-1", "SourceVpc=vpc-1", "aws:SourceVpc", "nobody:Key=1"]
    assert main([*asked, *(word for one in wrong for word in ("--context", one))]) == 2
    shown = capsys.readouterr().err
    assert "there is no condition key `aws:SourceVpcx`\ndid you mean `aws:SourceVpc`?" in shown
    assert "`SourceVpc` is not a condition key" in shown
    assert "`aws:SourceVpc` is not KEY=VALUE" in shown
    assert "no service has the condition key `nobody:Key`" in shown


def test_init_does_not_overwrite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "landrail.yaml").write_text("mine")
    assert main(["init"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "landrail.yaml").read_text() == "mine"


def test_the_file_may_be_named_before_or_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "other.yaml")
    assert main(["-f", file, "init"]) == 0
    assert main(["-f", file, "check"]) == 0
    assert main(["check", "--file", file]) == 0
    capsys.readouterr()


def test_schema_knows_every_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["required"]) == {"platform", "region", "email"}
    assert schema["additionalProperties"] is False
    assert "class" in schema["$defs"]["Dataset"]["properties"]
    target = schema["properties"]["target"]
    assert "local" in json.dumps(target)


def test_a_warning_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "landrail.yaml"
    file.write_text(
        "platform: a\nregion: eu-west-1\nemail: a+{account}@b.example\n"
        "datasets:\n  old: {owner: data, expires: 2020-01-01}\n"
    )
    assert main(["check", "-f", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "warning: the grants of data set `old` ended on 2020-01-01" in shown


def test_what_nobody_expected_leaves_a_log_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".landrail").mkdir()
    broken = click.Command("version", callback=lambda: 1 / 0)
    module = import_module(COMMANDS["version"].module)
    monkeypatch.setattr(module, COMMANDS["version"].attribute, broken)
    assert main(["version"]) == 1
    shown = capsys.readouterr().err
    assert "Traceback" not in shown
    logs = list((tmp_path / ".landrail").glob("error-*.log"))
    assert len(logs) == 1
    assert logs[0].name in shown
    assert "ZeroDivisionError" in logs[0].read_text()


def test_what_nobody_expected_is_told_where_no_log_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    broken = click.Command("version", callback=lambda: 1 / 0)
    module = import_module(COMMANDS["version"].module)
    monkeypatch.setattr(module, COMMANDS["version"].attribute, broken)
    assert main(["version"]) == 1
    assert capsys.readouterr().err.endswith("        this is a fault of landrail\n")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_state_folder_that_cannot_be_deleted_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".landrail" / "kept").mkdir(parents=True)
    (tmp_path / ".landrail").chmod(0o500)
    monkeypatch.chdir(tmp_path)
    assert main(["local", "reset", "--yes"]) == 1
    assert "Permission denied" in capsys.readouterr().err
    (tmp_path / ".landrail").chmod(0o700)


def test_no_colour_without_a_terminal(tmp_path: Path) -> None:
    done = python("from landrail.cli import main; main(['check'])", tmp_path)
    assert "\x1b" not in done.stdout + done.stderr


def test_a_next_step_names_the_file_as_it_must_be_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "with spaces"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    file = "with spaces/landrail.yaml"
    assert main(["-f", file, "init"]) == 0
    assert "landrail check -f 'with spaces/landrail.yaml'" in capsys.readouterr().out
    assert main(["show", "-f", file]) == 1
    assert "`landrail local start -f 'with spaces/landrail.yaml'`" in capsys.readouterr().err


def test_a_folded_line_says_its_first_word_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = folded("a/landrail-network: a/landrail-studio stands on it", "  kept  ")
    assert [line[:8] for line in lines] == ["  kept  ", " " * 8]


def test_destroy_asks_for_the_right_name_before_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert main(["destroy", "--confirm", "acme"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("`acme` is not the platform's name")
    assert not (tmp_path / ".landrail").exists()


def test_what_is_no_file_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.yaml")
    for name in (".", "pipe.yaml", "/dev/zero"):
        assert main(["check", "-f", name]) == 2
        assert f"`{name}` is not a file" in capsys.readouterr().err


def test_every_error_fits_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = tmp_path / ("long-" * 20)
    deep.mkdir()
    monkeypatch.chdir(deep)
    assert main(["init"]) == 0
    assert main(["show"]) == 1
    assert main(["as", "nobody@nowhere", "--", "true"]) == 2
    shown = capsys.readouterr()
    assert max(len(line) for line in (shown.out + shown.err).splitlines()) <= 100


def test_a_long_command_is_folded_so_that_it_can_be_pasted() -> None:
    command = f"$ landrail as eli@data-prod -- aws s3 sync flights s3://{'bucket-' * 9}/v=1/"
    lines = list(folded_command(command, "    "))
    assert len(lines) > 1
    assert max(len(line) for line in lines) <= 100
    joined = "\n".join(lines).replace(" \\\n", " ")
    assert " ".join(joined.split()) == command


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["reject", "churn", "-m", " "], "it says nothing; write why"),
        (["approve", "churn", "-m", "x" * 513], "513 characters; AWS takes 512"),
        (["stop", "churn", "-m", "x" * 201], "201 characters; AWS takes 200"),
        (["run", "churn", "--set", "a=1", "--set", "a=2"], "`--set a=...` stands here twice"),
    ],
)
def test_words_that_pipelines_do_not_take_are_refused_before_anything(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["model", *words]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
