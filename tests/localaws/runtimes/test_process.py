"""A process sees what it was given and nothing else, and ends with all its children."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from landrail.localaws.runtimes.host import python_folders, search_path
from landrail.localaws.runtimes.limits import Limits
from landrail.localaws.runtimes.process import Bind, Work, isolation, start

SOURCE = Path(__file__).resolve().parents[3] / "src"
walled = pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap")

LOOK = """
import json, os
print(json.dumps({
    "env": sorted(os.environ), "cwd": os.getcwd(), "in": open("/opt/ml/in").read(),
    "root": sorted(os.listdir("/")), "tmp": os.listdir("/tmp"),
}))
"""


@pytest.fixture
def work(tmp_path):
    for name in ("ml", "program", "scratch"):
        (tmp_path / name).mkdir()
    (tmp_path / "ml" / "in").write_text("data")

    def make(*argv, **more):
        binds = (
            Bind(tmp_path / "ml", "/opt/ml", writable=True),
            Bind(tmp_path / "program", "/opt/program"),
        )
        env = {"PATH": search_path(), **more.pop("env", {})}
        return Work(argv, env, "/opt/program", tmp_path / "scratch", binds, **more)

    return make


def run(work, timeout=30):
    lines = []
    ended = start(work, lines.append).wait(timeout)
    return ended, lines


@walled
def test_only_what_was_given_is_seen(work, tmp_path):
    ended, lines = run(work("python", "-c", LOOK, env={"GIVEN": "1"}))
    assert ended.status == 0, lines
    seen = json.loads(lines[0])
    assert {"GIVEN", "PATH", "HOME", "TMPDIR"} <= set(seen["env"])
    assert not {"USER", "PYTEST_CURRENT_TEST"} & set(seen["env"])
    assert (seen["cwd"], seen["in"]) == ("/opt/program", "data")
    # The interpreter itself may lie there.
    assert set(seen["tmp"]) == {p.parts[2] for p in python_folders() if p.is_relative_to("/tmp")}
    assert ("home" in seen["root"]) is any(p.is_relative_to("/home") for p in python_folders())
    probe = f"import os; print(os.path.exists({str(tmp_path)!r}))"
    assert run(work("python", "-c", probe))[1] == ["False"]


@walled
def test_the_program_is_read_only_and_its_results_stay(work, tmp_path):
    write = "open('/opt/ml/out', 'w').write('1'); open('/opt/program/x', 'w')"
    ended, lines = run(work("python", "-c", write))
    assert ended.status == 1
    assert "Read-only" in lines[-1]
    assert (tmp_path / "ml" / "out").read_text() == "1"


def test_exit_status_and_lines_are_handed_on(work):
    script = "import sys; print('one'); print('two', file=sys.stderr); sys.exit(7)"
    ended, lines = run(work("python", "-u", "-c", script))
    assert (ended.status, lines) == (7, ["one", "two"])


def test_time_runs_out_with_a_word_of_warning(work):
    script = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *a: (print('asked', flush=True), sys.exit(4)))\n"
        "print('ready', flush=True); time.sleep(60)"
    )
    ended, lines = run(work("python", "-u", "-c", script), timeout=2)
    assert (ended.timed_out, ended.status, lines) == (True, 4, ["ready", "asked"])


def test_children_end_too(work, tmp_path):
    script = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time\\nwhile True:\\n"
        '    open("/opt/ml/alive", "a").write("x"); time.sleep(0.05)\'])\n'
        "import time; time.sleep(1)"
    )
    path = tmp_path / "ml" / "alive"
    if isolation() != "bubblewrap":
        script = script.replace("/opt/ml/alive", str(path))
    run(work("python", "-c", script))
    size = path.stat().st_size
    assert size
    time.sleep(0.3)
    assert path.stat().st_size == size


def test_a_missing_program_is_an_error(work):
    ended, lines = run(work("no-such-program"))
    assert ended.status != 0
    assert "no-such-program" in " ".join(lines)


def test_without_bubblewrap_the_same_paths_are_translated(work, tmp_path):
    script = tmp_path / "outside.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\n"
        "from landrail.localaws.runtimes.process import *\n"
        "base = Path(sys.argv[1])\n"
        "print(isolation())\n"
        "binds = (Bind(base / 'ml', '/opt/ml', True), Bind(base / 'program', '/opt/program'))\n"
        'code = \'import os; print(open(os.environ["SAGEMAKER_BASE_DIR"] + "/in").read(),\''
        "' os.getcwd())'\n"
        "env = {'SAGEMAKER_BASE_DIR': '/opt/ml', 'PATH': sys.argv[2]}\n"
        "work = Work((sys.executable, '-c', code), env, '/opt/program', base / 'scratch', binds)\n"
        "print(start(work, print).wait(30).status)\n"
    )
    empty = tmp_path / "empty"
    empty.mkdir()
    env = {**os.environ, "PATH": str(empty), "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), search_path()],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "none (install bubblewrap: jobs then see only their own files)",
        f"data {tmp_path / 'program'}",
        "0",
    ]


@walled
@pytest.mark.parametrize(
    ("limits", "script", "exceeded"),
    [
        (
            Limits(disk=4_000_000),
            "import os\nfor n in range(3): open(f'/opt/ml/{n}', 'wb').write(os.urandom(2_000_000))",
            "disk",
        ),
        (
            Limits(memory=200_000_000),
            "import os, time\nfor _ in range(3):\n"
            "    if os.fork() == 0: kept = os.urandom(90_000_000); time.sleep(60)\n",
            "memory",
        ),
        (
            Limits(processes=20),
            "import os, time\nfor _ in range(30):\n    if os.fork() == 0: time.sleep(60)\n",
            "processes",
        ),
    ],
    ids=["disk", "memory", "processes"],
)
def test_what_all_of_them_use_together_is_limited(work, limits, script, exceeded):
    script += "\nimport time; time.sleep(60)"
    ended, _ = run(work("python", "-c", script, limits=limits))
    assert (ended.status, ended.exceeded) == (137, exceeded)


@walled
def test_nobody_is_killed_within_limits(work):
    limits = Limits(memory=200_000_000, processes=20, disk=4_000_000)
    script = "import time; open('/opt/ml/x', 'wb').write(bytes(2_000_000)); time.sleep(1.5)"
    ended, _ = run(work("python", "-c", script, limits=limits))
    assert (ended.status, ended.exceeded) == (0, None)


def test_one_file_is_limited_without_walls_too(work, tmp_path):
    script = "open('/opt/ml/x', 'wb').write(bytes(2_000_000))"
    ended, lines = run(work("python", "-c", script, limits=Limits(disk=1_000_000)))
    assert ended.status == 1
    assert "File too large" in lines[-1]
