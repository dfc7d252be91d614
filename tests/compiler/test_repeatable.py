"""The same file gives the same resources, byte for byte, whatever the interpreter's hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[2] / "src"
_LINES = [f"lob{number:02d}" for number in range(1, 7)]
_FILE = {
    "platform": "acme-ml",
    "region": "eu-west-1",
    "email": "aws+{account}@acme.example",
    "lines_of_business": _LINES,
    "accounts": {
        "shared": {"kind": "shared-services", "environments": ["dev", "prod"]},
        "data": {"kind": "data-management", "environments": ["dev", "prod"]},
    },
    "operators": ["olga", "otto"],
    "security": ["sam", "sue"],
    "break_glass": ["bea", "brit"],
    "administrators": ["adam"],
    "teams": {
        f"team-{lob}": {"lob": lob, "scientists": [f"ana-{lob}", f"ben-{lob}"], "mlops": ["dee"]}
        for lob in _LINES
    },
}
_PROGRAM = """
import sys
from pathlib import Path
from landrail.compiler import compile_platform
from landrail.operations.project import open_project
wanted = compile_platform(open_project(Path(sys.argv[1])).document)
print(*map(repr, wanted.resources), sep="\\n")
"""


def _compiled(file: Path, seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(_SOURCE)}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(file)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_hash_seeds_change_nothing(tmp_path: Path) -> None:
    file = tmp_path / "landrail.yaml"
    file.write_text(json.dumps(_FILE), encoding="utf-8")
    first, second = (_compiled(file, seed) for seed in ("1", "2"))
    assert first.count("\n") > 100
    assert first == second
