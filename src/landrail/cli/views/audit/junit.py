"""An audit as JUnit's XML: a suite an account, a case a rule, so that a CI shows what fails where.

A rule whose table could not be read is skipped, never passed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as Xml

from landrail.operations.audit.finding import Finding
from landrail.operations.audit.scope import Audited, Check
from landrail.operations.audit.values import Audit

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def audit_junit(made: Audit) -> str:
    """Return the document."""
    suites = [_suite(made, account) for account in made.scope.accounts]
    seconds = f"{(made.ended - made.began).total_seconds():.3f}"
    top = Xml.Element("testsuites", {"name": "landrail audit", "time": seconds})
    for count in ("tests", "failures", "errors", "skipped"):
        top.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    top.extend(suites)
    Xml.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(top, encoding="unicode") + "\n"


def _suite(made: Audit, account: Audited) -> Xml.Element:
    here = [f for f in made.findings if f.account_id == account.account_id]
    unjudged = {
        (one.guardrail, one.rule): one.reason
        for one in made.not_judged
        if one.account_id == account.account_id
    }
    checks = [c for c in made.scope.checks if account.account_id in c.accounts]
    cases = [_case(account, check, here, unjudged) for check in checks]
    labels = {(c.guardrail.id, c.rule.name) for c in checks}
    for finding in here:
        if (finding.guardrail, finding.rule) not in labels:
            cases.append(_case_of(account, finding.guardrail, finding.rule, [finding]))
    suite = Xml.Element(
        "testsuite",
        {
            "name": _text(account.name),
            "tests": str(len(cases)),
            "failures": str(sum(case.find("failure") is not None for case in cases)),
            "errors": "0",
            "skipped": str(sum(case.find("skipped") is not None for case in cases)),
            "time": "0",
            "timestamp": made.began.strftime("%Y-%m-%dT%H:%M:%S"),
        },
    )
    suite.extend(cases)
    return suite


def _case(
    account: Audited, check: Check, here: Sequence[Finding], unjudged: Mapping[tuple[str, str], str]
) -> Xml.Element:
    label = (check.guardrail.id, check.rule.name)
    case = _case_of(account, *label, [f for f in here if (f.guardrail, f.rule) == label])
    reason = unjudged.get(label)
    if reason and case.find("failure") is None and case.find("skipped") is None:
        Xml.SubElement(case, "skipped", {"message": _text(f"not looked at: {reason}")})
    return case


def _case_of(account: Audited, guardrail: str, rule: str, found: Sequence[Finding]) -> Xml.Element:
    name = guardrail if guardrail == rule else f"{guardrail} ({rule})"
    case = Xml.Element("testcase", {"name": name, "classname": _text(account.name), "time": "0"})
    bad = [finding for finding in found if finding.waiver is None]
    if bad:
        words = {"message": _text(f"{bad[0].says}: {len(bad)}"), "type": bad[0].severity}
        failure = Xml.SubElement(case, "failure", words)
        lines = [f"{f.arn or f.resource_id}: {f.says}" for f in bad]
        failure.text = _text("\n".join((*lines, f"remedy: {bad[0].remedy}")))
    elif found:
        Xml.SubElement(case, "skipped", {"message": _text(f"waived: {len(found)}")})
    return case


def _text(text: str) -> str:
    """Leave out what XML cannot hold."""
    return _NOT_XML.sub("", text)
