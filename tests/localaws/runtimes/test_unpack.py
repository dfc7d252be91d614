"""An image's layers unpack one over the other, and never outside of the image."""

import gzip
import hashlib
import io
import json
import tarfile

import pytest

from landrail.images import File, build, host_base
from landrail.localaws.runtimes.images import LayerFile, unpack
from landrail.localaws.runtimes.sandbox import CannotRun

CONFIG = json.dumps({"config": {"Entrypoint": ["x"], "Env": ["A=1"], "Labels": {}}}).encode()


def layer(tmp_path, *entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content, *kind in entries:
            entry = tarfile.TarInfo(name)
            if kind:
                entry.type, entry.linkname = kind[0], content
                archive.addfile(entry)
            else:
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    data = gzip.compress(out.getvalue())
    digest = hashlib.sha256(data).hexdigest()
    (tmp_path / digest).write_bytes(data)
    return LayerFile(f"sha256:{digest}", "x.tar+gzip", tmp_path / digest)


def test_later_layers_win_and_whiteouts_remove(tmp_path):
    first = layer(tmp_path, ("a/x", b"1"), ("a/y", b"1"), ("b/z", b"1"), ("c", b"1"))
    second = layer(tmp_path, ("a/x", b"2"), ("a/.wh.y", b""), ("b/.wh..wh..opq", b""), ("b/n", b""))
    folder = unpack(tmp_path / "cache", CONFIG, [first, second]).folder
    found = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    assert found == {"a/x": b"2", "b/n": b"", "c": b"1"}
    assert unpack(tmp_path / "cache", CONFIG, [first, second]).folder == folder


@pytest.mark.parametrize(
    "entries",
    [
        [("../out", b"x")],
        [("a/../../out", b"x")],
        [("a", "/", tarfile.SYMTYPE), ("a/../out", b"x")],
        [("a", "../..", tarfile.SYMTYPE), ("a/out", b"x")],
        [("a", "../../out", tarfile.LNKTYPE)],
    ],
)
def test_nothing_is_written_outside(tmp_path, entries):
    with pytest.raises(CannotRun):
        unpack(tmp_path / "cache", CONFIG, [layer(tmp_path, *entries)])
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "cache" / "out").exists()
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_absolute_link_stays_inside(tmp_path):
    entries = [("real/f", b"1"), ("lib", "/real", tarfile.SYMTYPE), ("lib/g", b"2")]
    folder = unpack(tmp_path / "cache", CONFIG, [layer(tmp_path, *entries)]).folder
    assert (folder / "real" / "g").read_bytes() == b"2"


def test_a_damaged_layer_is_refused(tmp_path):
    good = layer(tmp_path, ("a", b"1"))
    good.path.write_bytes(good.path.read_bytes() + b"x")
    with pytest.raises(CannotRun, match="damaged"):
        unpack(tmp_path / "cache", CONFIG, [good])


def test_an_image_of_other_packages_is_refused(tmp_path):
    labels = {"dev.landrail.base": "host", "dev.landrail.lock": "sha256:0"}
    config = json.dumps({"config": {"Labels": labels}}).encode()
    with pytest.raises(CannotRun, match="other packages"):
        unpack(tmp_path / "cache", config, [])


def test_what_is_built_unpacks(tmp_path):
    image = build(host_base(), {"main.py": File(b"1")}, [], ["python"], {})
    files = []
    for item in image.layers:
        path = tmp_path / item.descriptor.digest.removeprefix("sha256:")
        path.write_bytes(item.content)
        files.append(LayerFile(item.descriptor.digest, item.descriptor.media_type, path))
    unpacked = unpack(tmp_path / "cache", image.config, files)
    assert (unpacked.folder / "opt/program/main.py").read_bytes() == b"1"
    assert unpacked.settings.on_host
    assert unpacked.settings.workdir == "/opt/program"
