"""The contract of SageMaker's containers: what a server answers to what it is asked."""

from __future__ import annotations

import io
import json
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pyarrow
import pyarrow.ipc
import pyarrow.parquet
import pytest

from landrail.serving import Column
from landrail.serving.schema import SchemaError

from .conftest import Served

ROWS = [{"a": 1.5, "b": 2, "c": "red"}, {"a": 3, "b": -4, "c": None}]
WANTED = [17.0, 26.0]


def arrow(rows: list[dict[str, object]] | pyarrow.Table) -> bytes:
    table = rows if isinstance(rows, pyarrow.Table) else pyarrow.Table.from_pylist(rows)
    body = io.BytesIO()
    with pyarrow.ipc.new_stream(body, table.schema) as stream:
        stream.write_table(table)
    return body.getvalue()


def parquet(rows: list[dict[str, object]] | pyarrow.Table) -> bytes:
    table = rows if isinstance(rows, pyarrow.Table) else pyarrow.Table.from_pylist(rows)
    body = io.BytesIO()
    pyarrow.parquet.write_table(table, body)
    return body.getvalue()


TWICE = pyarrow.table([[1.0], [2.0]], names=["a", "a"])
HUGE = pyarrow.table({"a": [1.0], "b": pyarrow.array([2**64 - 1], "uint64"), "c": ["red"]})


BODIES = {
    "application/json": json.dumps({"instances": ROWS}).encode(),
    "application/json; charset=utf-8": json.dumps(ROWS).encode(),
    "application/jsonlines": b"\n".join(json.dumps(row).encode() for row in ROWS),
    "text/csv": b"a,b,c,more\n1.5,2,red,x\n3,-4,,y\n",
    "text/csv; header=absent": b"1.5,2,red\r\n3,-4,\r\n",
    "application/vnd.apache.arrow.stream": arrow(ROWS),
    "application/vnd.apache.parquet": parquet(ROWS),
    "application/x-parquet": parquet([{**row, "more": "x"} for row in ROWS]),
}


def read(content_type: str, body: bytes) -> list[object]:
    """Return predictions of any format."""
    if content_type == "application/json":
        return list(json.loads(body)["predictions"])
    if content_type == "application/vnd.apache.parquet":
        return list(pyarrow.parquet.read_table(io.BytesIO(body)).column("prediction").to_pylist())
    if content_type == "application/vnd.apache.arrow.stream":
        with pyarrow.ipc.open_stream(body) as stream:
            return list(stream.read_all().column("prediction").to_pylist())
    return [float(line) for line in body.decode().splitlines()]


@pytest.mark.parametrize("content_type", BODIES)
def test_every_format_is_read_and_answered_in_kind(served: Served, content_type: str) -> None:
    status, kind, body = served.invoke(BODIES[content_type], content_type)
    assert status == 200, body
    wanted = content_type.partition(";")[0].replace("x-parquet", "vnd.apache.parquet")
    assert kind == wanted
    assert read(kind, body) == WANTED


@pytest.mark.parametrize("accept", [*list(BODIES)[:1], "text/csv", "application/jsonlines",
    "application/vnd.apache.arrow.stream", "application/vnd.apache.parquet"])  # fmt: skip
def test_another_format_is_answered_where_it_is_asked_for(served: Served, accept: str) -> None:
    status, kind, body = served.invoke(
        BODIES["text/csv"], "text/csv", Accept=f"{accept}, */*;q=0.1"
    )
    assert (status, kind) == (200, accept)
    assert read(kind, body) == WANTED


def test_one_row_is_an_object_or_columns_and_data(served: Served) -> None:
    split = {"columns": list(ROWS[0]), "data": [list(row.values()) for row in ROWS]}
    for body, wanted in ((ROWS[0], WANTED[:1]), (split, WANTED)):
        answer = served.invoke(json.dumps(body).encode(), "application/json")
        assert json.loads(answer[2]) == {"predictions": wanted}


WRONG = {
    "no JSON": ("application/json", b"{", 400, "is not JSON"),
    "no rows": ("application/json", b"[]", 400, "there is no row"),
    "no body": ("application/json", b"", 400, "empty"),
    "a number": ("application/json", b"3", 400, "rows are objects"),
    "deep": ("application/json", b"[" * 100_000, 400, "is not JSON"),
    "missing column": ("application/json", b'{"a": 1, "B": 2, "c": null}', 400, "`b` is missing"),
    "wrong type": ("application/json", b'{"a": "x", "b": 1, "c": null}', 400, "not a number"),
    "a boolean": ("application/json", b'{"a": true, "b": 1, "c": null}', 400, "not a number"),
    "a fraction": ("application/json", b'{"a": 1, "b": 1.5, "c": null}', 400, "not a whole number"),
    "huge": ("application/json", b'{"a": 1, "b": 1%s, "c": null}' % (b"0" * 30), 400, "64 bits"),
    "NaN": ("application/json", b'{"a": NaN, "b": 1, "c": null}', 400, "is missing"),
    "infinite": ("application/json", b'{"a": Infinity, "b": 1, "c": null}', 400, "is infinite"),
    "null": ("application/json", b'{"a": null, "b": 1, "c": null}', 400, "is missing"),
    "too large": ("application/json", b'{"a": 1e9, "b": 1, "c": null}', 400, "more than 100000"),
    "unknown value": ("application/json", b'{"a": 1, "b": 1, "c": "rad"}', 400, "`red`?"),
    "uneven": ("text/csv", b"a,b,c\n1,2\n", 400, "row 1 has 2 fields"),
    "header alone": ("text/csv", b"a,b,c\n", 400, "there is no row"),
    "twice": ("text/csv", b"a,a,b,c\n1,1,2,red\n", 400, "`a` is there twice"),
    "twice in JSON": ("application/json", b'{"columns": ["a", "a"], "data": [[1, 2]]}', 400,
                      "`a` is there twice"),
    "twice in Arrow": ("application/vnd.apache.arrow.stream", arrow(TWICE), 400,
                       "`a` is there twice"),
    "twice in Parquet": ("application/x-parquet", parquet(TWICE), 400,
                         "`a` is there twice"),
    "huge in Arrow": ("application/vnd.apache.arrow.stream",
                      arrow(HUGE), 400, "64 bits"),
    "not UTF-8": ("text/csv", b"a,b,c\n\xff,2,red\n", 400, "is not CSV"),
    "underscore": ("text/csv", b"a,b,c\n1_0,2,red\n", 400, "not a number"),
    "lines": ("application/jsonlines", b'{"a": 1, "b": 2, "c": 0}\nx', 400, "line 2 is not JSON"),
    "no parquet": ("application/x-parquet", b"PAR1", 400, "not a file of Parquet"),
    "no arrow": ("application/vnd.apache.arrow.stream", b"x" * 64, 400, "not a stream of Arrow"),
    "pickle": ("application/x-npy", b"x", 415, "is not read here"),
    "refused by the project": ("text/csv", b"a,b,c\n444,2,red\n", 422, "444 is not predicted"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_request_is_said(served: Served, name: str) -> None:
    content_type, body, status, reason = WRONG[name]
    answered, kind, said = served.invoke(body, content_type)
    assert (answered, kind) == (status, "application/json")
    assert reason in " ".join(json.loads(said)["error"]["reasons"])


def test_all_that_is_wrong_is_said_at_once(served: Served) -> None:
    body = b'[{"a": "x", "b": 1, "c": null}, {"a": 1, "b": null, "c": "blue"}]'
    error = json.loads(served.invoke(body, "application/json")[2])["error"]
    assert error["message"] == "3 mistakes in the request"
    assert [reason.partition(":")[0] for reason in error["reasons"]] == [
        "row 1, column `a`",
        "row 2, column `b`",
        "row 2, column `c`",
    ]
    many = b"a,b,c\n" + b"x,1,\n" * 50
    error = json.loads(served.invoke(many, "text/csv")[2])["error"]
    assert (len(error["reasons"]), error["more"]) == (20, 30)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/ping", 200),
        ("POST", "/ping", 405),
        ("GET", "/invocations", 405),
        ("GET", "/", 404),
    ],
)
def test_there_are_two_paths(served: Served, method: str, path: str, status: int) -> None:
    assert served.ask(method, path)[0] == status


def test_what_nobody_can_write_is_not_accepted(served: Served) -> None:
    assert served.invoke(BODIES["text/csv"], "text/csv", Accept="image/png")[0] == 406
    assert served.invoke(BODIES["text/csv"], "text/csv", Accept="text/*")[1] == "text/csv"
    of_a_kind = served.invoke(BODIES["text/csv"], "text/csv", Accept="application/*")
    assert of_a_kind[1] == "application/json"
    assert served.invoke(BODIES["text/csv"], "text/csv", Accept="text/csv;q=0")[0] == 406


def test_a_model_that_fails_tells_its_log_and_not_the_client(served: Served) -> None:
    status, _, body = served.invoke(b"a,b,c\n666,1,red\n", "text/csv")
    assert status == 500
    assert b"secret" not in body
    assert "RuntimeError: a secret of the inside" in served.log.read_text()
    status, _, body = served.invoke(b"a,b,c\n111,1,red\n", "text/csv")
    assert status == 500
    assert "shape (2,) for 1 rows" in served.log.read_text()


def test_several_values_and_texts_are_predicted(served: Served) -> None:
    two, texts = b"a,b,c\n222,1,\n5,1,\n", b"a,b,c\n333,1,\n5,1,\n"
    assert served.invoke(two, "text/csv")[2] == b"222.0,223.0\n5.0,6.0\n"
    assert served.invoke(texts, "text/csv")[2] == b'"class, 333"\n"class, 5"\n'
    answer = json.loads(served.invoke(two, "text/csv", Accept="application/json")[2])
    assert answer == {"predictions": [[222.0, 223.0], [5.0, 6.0]]}


def test_a_request_that_fails_does_not_fail_its_neighbours(served: Served) -> None:
    values = [666 if n % 7 == 0 else n for n in range(1, 100)]

    def ask(value: int) -> tuple[int, bytes]:
        status, _, body = served.invoke(b"a,b,c\n%d,0,red\n" % value, "text/csv")
        return status, body

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, values))
    for value, (status, body) in zip(values, answers, strict=True):
        assert status == (500 if value == 666 else 200)
        assert value == 666 or float(body) == 10 * value


def test_a_large_request_holds_up_nobody(served: Served) -> None:
    large = b"a,b,c\n" + b"".join(b"%d,1,red\n" % n for n in range(1000, 61_000))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(served.invoke, large, "text/csv")
        while not running.done():
            assert served.ask("GET", "/ping")[0] == 200
            assert served.invoke(b"a,b,c\n1,1,\n", "text/csv")[2] == b"11.0\n"
        found = [float(line) for line in running.result()[2].splitlines()]
    assert found == [10.0 * n + 1 for n in range(1000, 61_000)]


def test_without_a_schema_rows_are_taken_as_they_are(make_server: Callable[..., Served]) -> None:
    served = make_server(schema=None)
    assert served.invoke(b"a,b,z\n1.5,2,x\n", "text/csv")[2] == b"17.0\n"
    status, _, body = served.invoke(b"1,2\n", "text/csv; header=absent")
    assert status == 400
    assert b"there must be a schema" in body


def test_a_body_may_have_a_bound(make_server: Callable[..., Served]) -> None:
    served = make_server(SAGEMAKER_MAX_PAYLOAD_IN_MB="1")
    assert served.invoke(b"a,b,c\n" + b"1,1,red\n" * 200_000, "text/csv")[0] == 413
    assert served.invoke(b"a,b,c\n" + b"1,1,red\n" * 1000, "text/csv")[0] == 200


def test_a_server_that_is_ended_answers_what_it_has(make_server: Callable[..., Served]) -> None:
    served = make_server()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(served.invoke, b"a,b,c\n555,1,red\n", "text/csv")
        assert served.ask("GET", "/ping")[0] == 200
        served.process.send_signal(signal.SIGTERM)
        assert running.result()[0] == 200
    assert served.process.wait(60) in (0, -15)


def test_several_processes_serve_and_one_that_dies_is_made_anew(
    make_server: Callable[..., Served],
) -> None:
    served = make_server(LANDRAIL_SERVING_WORKERS="2")
    ask = b"a,b,c\n777,1,red\n"

    def pid(_: int) -> float:
        return float(served.invoke(ask, "text/csv")[2])

    def pids() -> set[float]:
        with ThreadPoolExecutor(8) as pool:
            return set(pool.map(pid, range(100)))

    before = pids()
    for _ in range(50):
        before |= pids()
        if len(before) == 2:
            break
    assert len(before) == 2
    with pytest.raises(OSError):  # noqa: PT011 - the connection ends, by whichever of its errors
        served.invoke(b"a,b,c\n999,1,red\n", "text/csv")
    after: set[float] = set()
    for _ in range(100):
        after |= pids()
        if after - before:
            break
    assert len(after & before) >= 1
    assert after - before
    assert "is made anew" in served.log.read_text()


@pytest.mark.parametrize("kind", ["string", "boolean"])
def test_bounds_are_for_numbers_alone(kind: str) -> None:
    with pytest.raises(SchemaError, match="`minimum` and `maximum` are for numbers"):
        Column("a", kind, minimum=1)
    assert Column("a", "integer", minimum=1).minimum == 1
