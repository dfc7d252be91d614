"""The driver of a build, wherever its folder lies: as in the sandbox, and without one."""

import os
import shutil
import subprocess

from landrail.localaws.services.codebuild import plan
from landrail.localaws.services.codebuild.buildspec import parse

SPEC = """
version: 0.2
phases:
  install:
    commands:
      - WORD=hello
  build:
    commands:
      - echo "$WORD from $PWD"
"""


def drive(folder):
    return subprocess.run(
        ["sh", str(folder / "plan/driver.sh"), "NONCE"],
        cwd=folder / "src",
        env={"PATH": os.environ["PATH"], "CODEBUILD_SRC_DIR": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_build_runs_where_its_folder_lies(tmp_path):
    plan.prepare(tmp_path)
    plan.write(tmp_path, parse(SPEC))
    ended = drive(tmp_path)
    assert ended.returncode == 0
    assert f"hello from {tmp_path}/src" in ended.stdout


def test_a_build_that_runs_nothing_does_not_succeed(tmp_path):
    plan.prepare(tmp_path)
    plan.write(tmp_path, parse(SPEC))
    shutil.rmtree(tmp_path / "plan/2", ignore_errors=True)
    (tmp_path / "plan/session.sh").unlink()
    ended = drive(tmp_path)
    assert ended.returncode not in (0, 1)
    assert "OVER" not in ended.stdout
