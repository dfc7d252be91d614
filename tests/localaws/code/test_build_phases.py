"""The order of a build's commands, the shell they share, and what a failure leads to."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from code_builder import Builder, contexts, statuses

from landrail.localaws.runtimes.process import isolation

SHARED = r"""
version: 0.2
env:
  shell: %s
  exported-variables: [TEXT, MISSING, AWS_REGION]
phases:
  install:
    commands:
      - WORD="two  words"; say() { echo "said $1"; }
      - mkdir -p place && cd place
      - set -e
  pre_build:
    commands:
      - say "$WORD"
      - basename "$PWD"
      - exit 0
      - echo "after $WORD"
  build:
    commands:
      - TEXT="$(printf 'one\ntwo')"
      - false
      - echo never
    finally:
      - echo "tidied $CODEBUILD_BUILD_SUCCEEDING"
  post_build:
    commands:
      - 'echo "post $CODEBUILD_BUILD_SUCCEEDING $WORD"'
"""
RETRIED = """
version: 0.2
phases:
  pre_build:
    on-failure: RETRY-2-.*busy.*
    commands:
      - tried=$((${tried-0} + 1)); echo "try $tried"
      - test "$tried" -gt 2 || { echo the server is busy; exit 3; }
  build:
    on-failure: RETRY-5-.*busy.*
    commands: [echo once, 'echo lost; exit 4']
"""
GOING_ON = """
version: 0.2
phases:
  pre_build: {on-failure: CONTINUE, commands: ['false']}
  build: {on-failure: ABORT, commands: ['echo "on $CODEBUILD_BUILD_SUCCEEDING"; false']}
  post_build: {commands: [echo never]}
"""


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_commands_share_one_shell_whatever_they_do_to_it(builder: Builder, shell: str) -> None:
    build = builder.run(builder.project(SHARED % shell))
    assert builder.lines(build) == [
        "said two  words",
        "place",
        "after two  words",
        "tidied 0",
        "post 0 two  words",
    ]
    assert build["buildStatus"] == "FAILED"
    exported = {one["name"]: one["value"] for one in build["exportedEnvironmentVariables"]}
    assert exported == {"TEXT": "one\ntwo", "MISSING": ""}
    message = "Error while executing command: false. Reason: exit status 1"
    assert contexts(build, "BUILD") == [("COMMAND_EXECUTION_ERROR", message)]


def test_a_phase_is_tried_again_while_its_error_matches(builder: Builder) -> None:
    build = builder.run(builder.project(RETRIED))
    assert [one for one in builder.lines(build) if one.startswith("try")] == [
        "try 1",
        "try 2",
        "try 3",
    ]
    found = statuses(build)
    assert (found["PRE_BUILD"], found["BUILD"]) == ("SUCCEEDED", "FAILED")
    assert builder.lines(build).count("once") == 1
    assert "POST_BUILD" not in found


def test_a_failure_goes_on_or_ends_the_build_as_the_phase_says(builder: Builder) -> None:
    build = builder.run(builder.project(GOING_ON))
    assert builder.lines(build) == ["on 1"]
    assert statuses(build)["PRE_BUILD"] == "FAILED"
    assert "POST_BUILD" not in statuses(build)


def test_bash_is_not_spoken_by_sh(builder: Builder) -> None:
    spec = "version: 0.2\nphases: {build: {commands: ['x=(1 2); echo ${x[1]}']}}\n"
    build = builder.run(builder.project(spec))
    assert build["buildStatus"] == "FAILED"
    twin = builder.run(builder.project(spec.replace("phases", "env: {shell: bash}\nphases", 1)))
    assert builder.lines(twin) == ["2"]


def test_a_build_has_what_its_compute_type_has(builder: Builder) -> None:
    ask = 'python -c "bytearray({} << 30)" 2>&1 | tail -1'
    bomb = "for n in $(seq 1100); do sleep 60 & done; wait"
    spec = {
        "version": "0.2",
        "phases": {
            "install": {"commands": [ask.format(1), ask.format(5)]},
            "build": {"commands": [bomb]},
            "post_build": {"commands": ["echo never"]},
        },
    }
    build = builder.run(builder.project(json.dumps(spec)))
    assert builder.lines(build) == ["MemoryError"]
    told = f"Error while executing command: {bomb}. Reason: exit status 137"
    assert contexts(build, "BUILD") == [("COMMAND_EXECUTION_ERROR", told)]
    assert (build["buildStatus"], statuses(build)["BUILD"]) == ("FAILED", "FAILED")
    assert "The build had more than 1024 processes" in builder.log(build)


@pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap")
def test_links_that_a_build_leaves_are_not_followed(builder: Builder, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (there / "export-A").write_text("of the machine")
    lead = [
        f"rm -rf /codebuild/state/told && ln -s {there} /codebuild/state/told",
        f"ln -s {there}/answer /codebuild/state/answer.new; exit 3",
    ]
    spec = {
        "version": "0.2",
        "env": {"exported-variables": ["A"]},
        "phases": {"build": {"on-failure": "RETRY-1", "commands": lead}},
    }
    build = builder.run(builder.project(json.dumps(spec)))
    assert statuses(build)["BUILD"] == "FAILED"
    assert build["exportedEnvironmentVariables"] == [{"name": "A", "value": ""}]
    assert os.listdir(there) == ["export-A"]
