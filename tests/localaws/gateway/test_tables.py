"""Documents and blobs of our own services."""

from __future__ import annotations

import hashlib
import threading

import pytest

from landrail.localaws.store import Blobs, Tables


def test_documents_come_back_and_are_listed_by_their_keys(tmp_path):
    tables = Tables(tmp_path / "t.sqlite")
    table = tables.table("things")
    table.put("1", "eu", "b", value={"n": 2})
    table.put("1", "eu", "a", value={"n": 1})
    table.put("10", "eu", "c", value=None)
    tables.table("others").put("1", "eu", "a", value="other")
    assert table.get("1", "eu", "a") == {"n": 1}
    assert table.get("1", "eu", "z") is None
    assert [key for key, _ in table.scan("1")] == [("1", "eu", "a"), ("1", "eu", "b")]
    assert len(list(table.scan())) == 3
    assert not table.insert("1", "eu", "a", value=0)
    assert table.delete("1", "eu", "a")
    assert not table.delete("1", "eu", "a")
    tables.close()
    again = Tables(tmp_path / "t.sqlite")
    assert again.table("things").get("1", "eu", "b") == {"n": 2}
    again.close()


def test_updates_from_many_threads_are_all_counted(tmp_path):
    tables = Tables(tmp_path / "t.sqlite")
    table = tables.table("counts")

    def count() -> None:
        for _ in range(50):
            table.update("n", change=lambda n: (n or 0) + 1)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert table.get("n") == 200
    tables.close()


def test_a_key_is_not_empty_and_has_no_separator(tmp_path):
    tables = Tables(tmp_path / "t.sqlite")
    with pytest.raises(ValueError, match="not a key"):
        tables.table("t").get()
    with pytest.raises(ValueError, match="not a key"):
        tables.table("t").put("a\x1fb", value=1)
    tables.close()


def test_blobs_are_found_by_their_digest(tmp_path):
    blobs = Blobs(tmp_path)
    digest = blobs.put(b"data")
    assert digest == hashlib.sha256(b"data").hexdigest()
    assert blobs.get(digest) == b"data"
    assert blobs.write(iter((b"da", b"ta"))) == digest
    with pytest.raises(ValueError, match="not a sha256 digest"):
        blobs.path("../../etc/passwd")
    blobs.delete(digest)
    assert not blobs.has(digest)


def test_a_span_of_keys_is_listed_alone(tmp_path):
    table = Tables(tmp_path / "t.sqlite").table("moments")
    for moment in ("001", "002", "003", "004"):
        table.put("a", moment, "x", value=moment)
    table.put("b", "002", "x", value="other")
    assert [value for _, value in table.span("a", first="002", last="003")] == ["002", "003"]
    assert list(table.span("c", first="000", last="999")) == []


def test_what_is_written_together_is_kept_together(tmp_path):
    tables = Tables(tmp_path / "t.sqlite")
    table = tables.table("things")
    table.put("old", value=1)

    def fails() -> None:
        with tables.together():
            table.put("new", value=1)
            table.delete("old")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert [key for key, _ in table.scan()] == [("old",)]
    with tables.together():
        table.put("new", value=1)
        table.delete("old")
    assert [key for key, _ in table.scan()] == [("new",)]
    tables.close()
