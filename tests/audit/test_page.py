"""The page: whole by itself, every text of others escaped, filtered by its own script alone."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

from made import NOW, PRODUCTION, REGION, audit_of, check, finding, waiver

from landrail.aws.collecting import Unread
from landrail.cli.views.audit.page import MOST, audit_page
from landrail.operations.audit.trend import Past

_VOID = {"meta", "input", "br"}


class Read(HTMLParser):
    """Tags that are open, links and attributes, and the texts of findings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.rows = 0
        self.tags: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.rows += ("class", "row") in attrs or ("class", "row waived") in attrs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_loads_nothing(tmp_path: Path) -> None:
    found = [finding("a"), finding("b", PRODUCTION, severity="critical", waiver=waiver())]
    unread = [Unread(PRODUCTION, REGION, "kms_keys", "AccessDenied: no")]
    page = audit_page(audit_of(tmp_path, found, unread=unread))
    read = Read(page)
    assert read.open == []
    assert read.rows == 2
    assert not {"src", "srcset", "onclick", "style"} & {name for name, _ in read.attributes}
    links = [value or "" for name, value in read.attributes if name == "href"]
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"https?://", page)
    assert "kms_keys of retail-production: AccessDenied: no" in page


def test_its_policy_names_its_own_style_and_script(tmp_path: Path) -> None:
    page = audit_page(audit_of(tmp_path, [finding()]))
    for tag in ("style", "script"):
        text = page.split(f"<{tag}>", 1)[1].split(f"</{tag}>", 1)[0]
        assert b64encode(sha256(text.encode()).digest()).decode() in page.split("<style>")[0]


def test_names_of_others_are_text(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>\"'&"
    page = audit_page(audit_of(tmp_path, [finding(name, account=PRODUCTION)]))
    assert page.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;" in page


def test_the_trend_is_that_of_whole_audits(tmp_path: Path) -> None:
    days = [Past(NOW - timedelta(days=d), {"high": d}, partial=d == 2) for d in (3, 2, 1)]
    page = audit_page(audit_of(tmp_path, [finding(severity="high")], history=days))
    assert "2026-11-20 08:00 UTC: 3" in page
    assert "2026-11-21 08:00 UTC: 2" not in page
    assert "as before" in page


def test_very_many_findings_are_cut_and_the_page_says_so(tmp_path: Path) -> None:
    page = audit_page(audit_of(tmp_path, [finding(f"b{n}") for n in range(MOST + 1)]))
    assert Read(page).rows == MOST
    assert f"The worst {MOST:,} of {MOST + 1:,}." in page


def test_nothing_found_is_a_page_too(tmp_path: Path) -> None:
    page = audit_page(audit_of(tmp_path))
    assert Read(page).open == []
    assert "Nothing found." in page


def test_what_is_right_stays_out_of_the_way_of_findings(tmp_path: Path) -> None:
    checks = [check("require-bucket-versioning"), *(check(f"right-{n}") for n in range(40))]
    page = audit_page(audit_of(tmp_path, [finding("a")], checks=checks))
    assert Read(page).open == []
    assert "<summary>40 guardrails without findings</summary>" in page
    assert page.count('data-pick="guardrail"') == 1
    few = audit_page(audit_of(tmp_path, [finding("a")], checks=checks[:5]))
    assert "<summary>" not in few
    assert few.count('data-pick="guardrail"') == 5
