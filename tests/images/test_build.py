"""An image is a function of its inputs alone, and holds what an installer would have put there."""

import gzip
import io
import json
import tarfile
import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest

from landrail.images import File, ImageError, build, host_base, read_folder
from landrail.images.image import digest_of
from landrail.localaws.runtimes import host as runtime_host

LABELS = {"org.opencontainers.image.revision": "abc"}


def wheel(files: dict[str, bytes], name: str = "thing-1.0.dist-info", lie: bool = False) -> bytes:
    rows = [
        f"{path},sha256={urlsafe_b64encode(sha256(data).digest()).decode().rstrip('=')},{len(data)}"
        for path, data in files.items()
    ]
    if lie:
        files = {path: data + b"x" for path, data in files.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
        archive.writestr(f"{name}/RECORD", "\n".join([*rows, f"{name}/RECORD,,"]))
    return out.getvalue()


def image(line: bytes = b"print(1)", **files: bytes):
    named = {"train.py": File(line), **{n: File(c) for n, c in files.items()}}
    return build(host_base(), named, [], ["python", "train.py"], LABELS)


def members(layer) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(layer.content))) as archive:
        return {m.name: m for m in archive.getmembers()}


def test_same_inputs_give_the_same_bytes():
    first = build(host_base(), {"b": File(b"2"), "a": File(b"1")}, [], ["x"], LABELS)
    second = build(host_base(), {"a": File(b"1"), "b": File(b"2")}, [], ["x"], LABELS)
    assert first == second
    assert first.digest == second.digest


def test_one_changed_line_gives_another_digest_and_another_code_layer_only():
    first, second = image(b"print(1)"), image(b"print(2)")
    assert first.digest != second.digest
    assert first.layers[:-1] == second.layers[:-1]


def test_layers_are_as_the_manifest_says():
    built = image()
    manifest, config = json.loads(built.manifest), json.loads(built.config)
    assert manifest["config"]["digest"] == digest_of(built.config)
    assert [item["digest"] for item in manifest["layers"]] == [
        digest_of(layer.content) for layer in built.layers
    ]
    assert config["rootfs"]["diff_ids"] == [
        digest_of(gzip.decompress(layer.content)) for layer in built.layers
    ]
    assert config["config"]["Labels"]["org.opencontainers.image.revision"] == "abc"
    assert config["config"]["WorkingDir"] == "/opt/program"
    entries = members(built.layers[-1])
    assert {entry.mtime for entry in entries.values()} == {0}
    assert "opt/program/train.py" in entries


def test_a_large_file_survives_the_stored_gzip():
    content = bytes(range(256)) * 1024
    layer = image(big=content).layers[-1]
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(layer.content))) as archive:
        assert archive.extractfile("opt/program/big").read() == content


def test_wheels_unpack_to_what_imports():
    data = wheel(
        {
            "thing/__init__.py": b"x = 1",
            "thing-1.0.data/purelib/other.py": b"y = 2",
            "thing-1.0.data/scripts/run": b"#!python\nprint(1)",
            "thing-1.0.dist-info/entry_points.txt": b"[console_scripts]\nThing = thing:main\n",
        }
    )
    built = build(host_base(), {}, [data], ["x"], {})
    entries = members(built.layers[-1])
    site = "opt/program/site"
    assert {f"{site}/thing/__init__.py", f"{site}/other.py", f"{site}/bin/run"} <= set(entries)
    assert entries[f"{site}/bin/Thing"].mode == 0o755
    told = dict(entry.split("=", 1) for entry in json.loads(built.config)["config"]["Env"])
    assert "/opt/program/site" in told["PYTHONPATH"].split(":")
    assert told["OMP_WAIT_POLICY"] == "PASSIVE"


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x"])
def test_a_path_that_leaves_the_image_is_refused(name):
    with pytest.raises(ImageError, match="not a path inside"):
        build(host_base(), {name: File(b"")}, [], ["x"], {})


def test_a_damaged_wheel_is_refused():
    with pytest.raises(ImageError, match="damaged"):
        build(host_base(), {}, [wheel({"thing.py": b"x"}, lie=True)], ["x"], {})
    with pytest.raises(ImageError, match="not a wheel"):
        build(host_base(), {}, [b"PK"], ["x"], {})


def test_two_wheels_may_not_disagree():
    one, two = wheel({"thing.py": b"1"}), wheel({"thing.py": b"2"}, "other-1.dist-info")
    with pytest.raises(ImageError, match=r"thing\.py"):
        build(host_base(), {}, [one, two], ["x"], {})


def test_a_folder_is_read_without_caches_and_links_are_refused(tmp_path):
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("1")
    assert set(read_folder(tmp_path)) == {"src/a.py"}
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(ImageError, match="link"):
        read_folder(tmp_path)


def test_both_houses_compute_the_same_lock_of_the_host():
    labels = host_base().labels
    assert labels["dev.landrail.lock"] == runtime_host.lock_digest()
