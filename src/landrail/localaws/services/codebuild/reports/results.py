"""Results of tests, from the files that test runners write: one reader for each format.

A reader takes a file's content and gives its cases; what it cannot read is a ValueError.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

SUCCEEDED, FAILED, ERROR, SKIPPED, UNKNOWN = "SUCCEEDED", "FAILED", "ERROR", "SKIPPED", "UNKNOWN"
STATUSES = (SUCCEEDED, FAILED, ERROR, SKIPPED, UNKNOWN)
_MESSAGE_LIMIT = 5000
_CLOCK = re.compile(r"(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)\Z")


@dataclass(frozen=True, slots=True)
class Case:
    """One test: its class or feature as `prefix`, its suite, how it ended and how long it took."""

    name: str
    prefix: str
    suite: str
    status: str
    nanoseconds: int
    message: str = ""


def read(kind: str, content: bytes) -> list[Case]:
    """Return the cases of a file; raises ValueError."""
    return list(_READERS[kind](content))


def _junit(content: bytes) -> Iterator[Case]:
    root = xml(content, "testsuites", "testsuite")
    for suite in root.iter("testsuite"):
        for case in suite.findall("testcase"):
            status, message = SUCCEEDED, ""
            for tag, found in (("skipped", SKIPPED), ("error", ERROR), ("failure", FAILED)):
                if (child := case.find(tag)) is not None:
                    status, message = found, child.get("message") or child.text or ""
            yield _case(
                case.get("name"),
                case.get("classname"),
                suite.get("name"),
                status,
                seconds(case.get("time")),
                message,
            )


def _cucumber(content: bytes) -> Iterator[Case]:
    features = json.loads(content)
    if not isinstance(features, list):
        raise ValueError("a list of features is wanted")
    for feature in features:
        for element in feature.get("elements") or []:
            if element.get("type") == "background":
                continue
            results = [step.get("result") or {} for step in element.get("steps") or []]
            words = [str(one.get("status")) for one in results]
            message = next((str(r["error_message"]) for r in results if r.get("error_message")), "")
            duration = sum(int(one.get("duration") or 0) for one in results)
            name = feature.get("name")
            yield _case(element.get("name"), name, name, _of_steps(words), duration, message)


def _of_steps(words: list[str]) -> str:
    if "failed" in words:
        return FAILED
    if {"undefined", "ambiguous"} & set(words):
        return UNKNOWN
    if {"skipped", "pending"} & set(words):
        return SKIPPED
    return SUCCEEDED


def _testng(content: bytes) -> Iterator[Case]:
    words = {"PASS": SUCCEEDED, "FAIL": FAILED, "SKIP": SKIPPED}
    for test in xml(content, "testng-results").iter("test"):
        for owner in test.findall("class"):
            for method in owner.findall("test-method"):
                if method.get("is-config") == "true":
                    continue
                yield _case(
                    method.get("name"),
                    owner.get("name"),
                    test.get("name"),
                    words.get(str(method.get("status")), UNKNOWN),
                    seconds(method.get("duration-ms")) // 1000,
                    method.findtext("exception/message") or "",
                )


def _trx(content: bytes) -> Iterator[Case]:
    root = xml(content, "TestRun")
    space = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
    owners = {
        unit.get("id"): method.get("className")
        for unit in root.iter(f"{space}UnitTest")
        if (method := unit.find(f"{space}TestMethod")) is not None
    }
    words = {"Passed": SUCCEEDED, "Failed": FAILED, "Error": ERROR, "Timeout": ERROR}
    words |= dict.fromkeys(("NotExecuted", "Inconclusive", "NotRunnable", "Pending"), SKIPPED)
    for result in root.iter(f"{space}UnitTestResult"):
        yield _case(
            result.get("testName"),
            owners.get(result.get("testId")),
            root.get("name"),
            words.get(str(result.get("outcome")), UNKNOWN),
            _clock(result.get("duration")),
            result.findtext(f"{space}Output/{space}ErrorInfo/{space}Message") or "",
        )


def _nunit(content: bytes) -> Iterator[Case]:
    words = {"Success": SUCCEEDED, "Failure": FAILED, "Error": ERROR, "Inconclusive": UNKNOWN}
    words |= dict.fromkeys(("Ignored", "Skipped", "NotRunnable", "Invalid"), SKIPPED)
    root = xml(content, "test-results")
    for case in root.iter("test-case"):
        owner, _, name = str(case.get("name") or "").rpartition(".")
        status = words.get(str(case.get("result")), UNKNOWN)
        message = case.findtext("failure/message") or case.findtext("reason/message") or ""
        yield _case(name, owner, root.get("name"), status, seconds(case.get("time")), message)


def _nunit3(content: bytes) -> Iterator[Case]:
    words = {"Passed": SUCCEEDED, "Failed": FAILED, "Skipped": SKIPPED, "Warning": SUCCEEDED}
    root = xml(content, "test-run")
    for case in root.iter("test-case"):
        error = case.get("result") == "Failed" and case.get("label") == "Error"
        status = ERROR if error else words.get(str(case.get("result")), UNKNOWN)
        message = case.findtext("failure/message") or case.findtext("reason/message") or ""
        owner, duration = case.get("classname"), seconds(case.get("duration"))
        yield _case(case.get("name"), owner, root.get("name"), status, duration, message)


_READERS: Mapping[str, Callable[[bytes], Iterator[Case]]] = {
    "JUNITXML": _junit,
    "CUCUMBERJSON": _cucumber,
    "TESTNGXML": _testng,
    "VISUALSTUDIOTRX": _trx,
    "NUNITXML": _nunit,
    "NUNIT3XML": _nunit3,
}


def xml(content: bytes, *roots: str) -> Element:
    """Return the root of a file, which has one of these names; raises ValueError."""
    try:
        root = fromstring(content)
    except ParseError as error:
        raise ValueError(f"not well-formed XML: {error}") from error
    name = root.tag.rpartition("}")[2]
    if name not in roots:
        raise ValueError(f"the root is <{name}>, <{'> or <'.join(roots)}> is wanted")
    return root


def seconds(text: str | None) -> int:
    """Return seconds as nanoseconds; 0 for what is none."""
    try:
        return round(float((text or "0").replace(",", "")) * 1e9)
    except ValueError:
        return 0


def _clock(text: str | None) -> int:
    match = _CLOCK.match(text or "")
    if match is None:
        return 0
    days, hours, minutes, rest = (float(part or 0) for part in match.groups())
    return round((((days * 24 + hours) * 60 + minutes) * 60 + rest) * 1e9)


def _case(
    name: Any, prefix: Any, suite: Any, status: str, nanoseconds: int, message: str = ""
) -> Case:
    texts = [str(one or "") for one in (name, prefix, suite)]
    said = message.strip()[:_MESSAGE_LIMIT]
    return Case(texts[0], texts[1], texts[2], status, nanoseconds, said)
