"""The queue of a project's builds by itself: who waits too long, and in which order others go."""

from __future__ import annotations

import threading

from landrail.localaws.services.codebuild.queue import Queue


def test_a_build_that_waits_too_long_is_told_so() -> None:
    queue, never = Queue(), threading.Event()
    for name in ("first", "second", "third"):
        queue.join("project", name)
    assert queue.wait("project", "first", lambda: 1, never, 60)
    assert not queue.wait("project", "second", lambda: 1, never, 0)
    queue.leave("project", "second")
    queue.leave("project", "first")
    assert queue.wait("project", "third", lambda: 1, never, 60)
    queue.join("other", "fourth")
    assert queue.wait("other", "fourth", lambda: 1, never, 60), "projects do not wait for others"


def test_a_build_that_is_stopped_waits_no_more() -> None:
    queue, stopped = Queue(), threading.Event()
    for name in ("first", "second"):
        queue.join("project", name)
    assert queue.wait("project", "first", lambda: 1, threading.Event(), 60)
    stopped.set()
    assert queue.wait("project", "second", lambda: 1, stopped, 60)
