"""What a project depends on, held against an image: by names and versions, and fetched by pip from
an index of its own over the loopback."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from landrail.images import Base, ImageError, fetch, for_image, installed, parsed, unmet

HERE = {"numpy": "2.1.0", "scikit-learn": "1.6", "landrail": "0.1.0"}
BASE = Base("python:3.11-slim", (), env={"PYTHON_VERSION": "3.11.9"})


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("numpy", True),
        ("NumPy>=2,<3", True),
        ("numpy>=3", False),
        ("scikit_learn", True),
        ("Scikit.Learn==1.6", True),
        ("pandsa>=2", False),
        ("pandsa; python_version < '3'", True),
        ("pandsa; extra == 'more'", True),
        ("landrail[serving]", True),
    ],
)
def test_a_requirement_is_met_or_not(text: str, met: bool) -> None:
    one = parsed(text)
    assert one is not None
    assert (unmet([one], HERE) == []) is met


@pytest.mark.parametrize("text", ["", "numpy >= ", "-r other.txt", "numpy==1==2", "??"])
def test_a_text_that_is_no_requirement(text: str) -> None:
    assert parsed(text) is None


def test_this_machine_has_what_runs_here() -> None:
    assert installed()["boto3"]


def test_landrail_itself_is_not_fetched_but_what_its_extra_asks_for() -> None:
    asked = [one for one in map(parsed, ("landrail[serving]", "numpy>=2")) if one]
    found = [one.split(">")[0] for one in for_image(asked)]
    assert "numpy" in found
    assert "uvicorn" in found
    assert not [one for one in found if one.startswith("landrail")]


def test_wheels_come_from_the_one_index_with_all_that_they_need(index: str, tmp_path: Path) -> None:
    found = fetch(["upper"], BASE, index, tmp_path)
    assert [one.name for one in found] == [
        "lower-1.0-py3-none-any.whl",
        "upper-1.0-py3-none-any.whl",
    ]


def test_a_wheel_that_is_not_there_is_told(index: str, tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="upper==2"):
        fetch(["upper==2"], BASE, index, tmp_path)


def test_a_wheel_of_another_python_is_none(index: str, tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="sideways"):
        fetch(["sideways"], BASE, index, tmp_path)


def test_a_base_says_which_python_it_has(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="PYTHON_VERSION"):
        fetch(["upper"], Base("scratch", ()), "http://127.0.0.1:9/simple/", tmp_path)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An index of three small packages (PEP 503)."""
    root = tmp_path_factory.mktemp("index")
    for name, tag, needs in (
        ("upper", "py3-none-any", "Requires-Dist: lower\n"),
        ("lower", "py3-none-any", ""),
        ("sideways", "cp27-cp27m-win32", ""),
    ):
        folder = root / "simple" / name
        folder.mkdir(parents=True)
        wheel = f"{name}-1.0-{tag}.whl"
        (folder / wheel).write_bytes(_wheel(name, tag, needs))
        (folder / "index.html").write_text(f'<a href="{wheel}">{wheel}</a>')
    handler = partial(_Quiet, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/simple/"
        server.shutdown()
        thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


_METADATA = "Metadata-Version: 2.1\nVersion: 1.0\n"


def _wheel(name: str, tag: str, needs: str) -> bytes:
    information = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": b"",
        f"{information}/METADATA": f"{_METADATA}Name: {name}\n{needs}".encode(),
        f"{information}/WHEEL": f"Wheel-Version: 1.0\nTag: {tag}\nRoot-Is-Purelib: true\n".encode(),
    }
    rows = [
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip('=')},"
        f"{len(body)}"
        for path, body in files.items()
    ]
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        archive.writestr(f"{information}/RECORD", "\n".join([*rows, f"{information}/RECORD,,"]))
    return body.getvalue()
