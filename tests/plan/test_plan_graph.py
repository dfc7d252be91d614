"""The walk: order, failures, stops; over graphs of every shape."""

import threading
from graphlib import CycleError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landrail.plan import cycle, edges, reverse, walk


class Broken(Exception):
    pass


@st.composite
def graphs(draw):
    size = draw(st.integers(0, 12))
    return {
        node: draw(st.sets(st.integers(0, node - 1), max_size=4)) if node else set()
        for node in range(size)
    }


@given(graphs(), st.sets(st.integers(0, 11)), st.integers(1, 4))
def test_every_node_ends_once_and_none_before_what_it_waits_for(graph, broken, parallel):
    ended, lock = [], threading.Lock()

    def execute(node):
        with lock:
            assert graph[node] <= set(ended)
        if node in broken:
            raise Broken(node)
        with lock:
            ended.append(node)

    walked = walk(graph, execute, parallel=parallel, failure=Broken)
    assert sorted([*walked.done, *walked.failed, *walked.skipped]) == sorted(graph)
    assert set(walked.done) == set(ended)
    for node, cause in walked.skipped.items():
        assert cause in walked.failed
        assert any(d in walked.failed or d in walked.skipped for d in graph[node])


@given(graphs())
def test_reversing_twice_gives_the_graph_again(graph):
    assert reverse(reverse(graph)) == graph
    assert cycle(graph) is None


def test_a_stop_begins_nothing_new_and_loses_nothing():
    stop = threading.Event()
    ran = []

    def execute(node):
        ran.append(node)
        stop.set()

    walked = walk({1: [], 2: [1], 3: [2]}, execute, parallel=2, stopped=stop.is_set)
    assert (walked.done, walked.not_started) == ([1], [2, 3])
    assert ran == [1]


def test_another_exception_than_a_failure_ends_the_walk():
    def execute(node):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        walk({1: []}, execute, parallel=1, failure=Broken)


def test_a_cycle_is_named():
    graph = {1: [2], 2: [1]}
    assert set(cycle(graph)) == {1, 2}
    with pytest.raises(CycleError):
        walk(graph, lambda node: None, parallel=1)


def test_edges_leave_out_strangers_and_oneself():
    assert edges([1, 2], lambda node: [1, 9]) == {1: set(), 2: {1}}
