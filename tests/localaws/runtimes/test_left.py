"""What a process left is read, and no link of its making is followed."""

import os

import pytest

from landrail.localaws.runtimes.left import files, read


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret").write_text("secret")
    return folder


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "ml"
    (folder / "out" / "deep").mkdir(parents=True)
    (folder / "out" / "b.txt").write_text("b")
    (folder / "out" / "deep" / "a.txt").write_text("a")
    return folder


def seen(root, below=""):
    return {found.name: found.file.read() for found in files(root, below)}


def test_files_are_read_by_their_paths(root):
    assert seen(root, "out") == {"b.txt": b"b", "deep/a.txt": b"a"}
    assert list(seen(root)) == ["out/b.txt", "out/deep/a.txt"]
    assert read(root, "out/deep/a.txt", 10) == b"a"
    assert read(root, "out/b.txt", 0) == b""


def test_links_are_not_followed(root, outside):
    os.symlink(outside / "secret", root / "out" / "file")
    os.symlink(outside, root / "out" / "folder")
    os.symlink(root / "out" / "b.txt", root / "out" / "own")
    os.mkfifo(root / "out" / "pipe")
    assert seen(root, "out") == {"b.txt": b"b", "deep/a.txt": b"a"}
    for name in ("out/file", "out/folder/secret", "out/own", "out/pipe", "out/none", "out"):
        assert read(root, name, 10) is None


def test_a_link_in_the_place_of_the_folder_is_not_followed(root, outside):
    (root / "out").rename(root / "was")
    os.symlink(outside, root / "out")
    assert seen(root, "out") == {}
    assert seen(root, "out/deep") == {}
    assert read(root, "out/secret", 10) is None
    assert seen(root, "was") == {"b.txt": b"b", "deep/a.txt": b"a"}
