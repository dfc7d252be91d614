"""An audit as one HTML page that needs nothing else: no network, no library, no server.

Every text from outside is escaped, and the page's own policy lets it load nothing. Without scripts
the page is whole; with them its findings can be filtered.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from importlib.resources import files

from landrail.aws.collecting import EVERYTHING
from landrail.diagnostics import counted
from landrail.operations.audit.finding import SEVERITIES, Finding
from landrail.operations.audit.trend import Past
from landrail.operations.audit.unjudged import by_accounts
from landrail.operations.audit.values import Audit

MOST = 5_000
"""Findings that a page shows: a browser should open it at once. The other formats have all."""

_CLEAN = 20
"""Rows without findings that a table keeps; more are named below it, out of the findings' way."""
_HEIGHTS = "".join(f".p{percent}{{height:{percent}%}}" for percent in range(1, 101))
"""Heights of bars, because the page's policy allows no style but its own sheet."""
_NONE = '<i class="none"></i>'


def audit_page(made: Audit) -> str:
    """Return the page."""
    style, script = _asset("style.css") + _HEIGHTS, _asset("script.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    title = f"Audit of {made.project.document.platform}, {_moment(made.began)}"
    body = "\n".join(_body(made))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
<script>{script}</script>
</body>
</html>
"""


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _body(made: Audit) -> Iterator[str]:
    yield from _heading(made)
    yield from _tiles(made)
    yield '<div class="columns">'
    yield from _trend(made)
    yield from _by(made, "account", "By account", lambda f: f.account, made.names.values())
    yield "</div>"
    guardrails = dict.fromkeys(check.guardrail.id for check in made.scope.checks)
    yield from _by(made, "guardrail", "By guardrail", lambda f: f.guardrail, guardrails)
    yield from _findings(made)
    yield from _waivers(made)
    yield from _unread(made)


def _heading(made: Audit) -> Iterator[str]:
    rules, accounts = len(made.scope.checks), len(made.scope.accounts)
    seconds = (made.ended - made.began).total_seconds()
    yield f"<header><h1>Audit of {escape(made.project.document.platform)}</h1>"
    yield f'<span class="faint">{_moment(made.began)}</span></header>'
    yield (
        f'<div class="faint small">{escape(made.target.words)} · {accounts} accounts · '
        f"{sum(made.rows.values()):,} resources · {rules} rules · {seconds:.1f} s · file "
        f"{escape(made.project.path.name)} sha256:{made.project.digest[:12]}</div>"
    )


def _tiles(made: Audit) -> Iterator[str]:
    counts = made.counts
    before = next((past for past in reversed(made.history) if not past.partial), None)
    yield '<div class="tiles">'
    for severity in SEVERITIES:
        change = _change(counts[severity], before, severity)
        yield (
            f'<div class="tile {severity}"><b>{counts[severity]:,}</b>{severity}'
            f'<div class="faint small">{change}</div></div>'
        )
    new = sum(finding.state == "new" for finding in made.open)
    yield (
        f'<div class="tile good"><b>{len(made.fixed):,}</b>put right'
        f'<div class="faint small">{new:,} new since the last audit</div></div></div>'
    )


def _change(now: int, before: Past | None, severity: str) -> str:
    if before is None:
        return "first audit"
    difference = now - before.counts.get(severity, 0)
    return f"{difference:+,} since {_moment(before.began)}" if difference else "as before"


def _trend(made: Audit) -> Iterator[str]:
    whole = [past for past in made.history if not past.partial][-23:]
    shown = [*whole, Past(made.began, made.counts)]
    most = max(1, *(sum(past.counts.values()) for past in shown))
    yield '<section><h2>Trend</h2><div class="bars" role="img" aria-label="Findings by audit">'
    for past in shown:
        total = sum(past.counts.values())
        parts = "".join(
            f'<i class="{severity} p{_tenths(past.counts.get(severity, 0), most)}"></i>'
            for severity in reversed(SEVERITIES)
            if past.counts.get(severity)
        )
        yield f'<div title="{_moment(past.began)}: {total}">{parts or _NONE}</div>'
    yield "</div>"
    first, last = _moment(shown[0].began), _moment(shown[-1].began)
    words = "this audit is the first" if len(shown) == 1 else f"{first} to {last}"
    yield f'<div class="faint small">{words}; the highest: {most:,}</div></section>'


def _tenths(count: int, most: int) -> int:
    """Return a bar's height as a class knows it: percent, at least one."""
    return max(1, round(100 * count / most))


def _by(
    made: Audit, field: str, heading: str, of: Callable[[Finding], str], names: Iterable[str]
) -> Iterator[str]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for finding in made.open:
        counts.setdefault(of(finding), Counter())[finding.severity] += 1
    heads = "".join(f'<th class="number">{severity}</th>' for severity in SEVERITIES)
    yield f'<section><h2>{heading}</h2><div class="scroll"><table><thead><tr><th>{field}</th>'
    yield f'{heads}<th class="number">all</th></tr></thead><tbody>'
    ranked = sorted(counts.items(), key=lambda item: _rank(item[1]))
    clean = [name for name, count in ranked if not count.total()]
    shown = ranked if len(clean) <= _CLEAN else [item for item in ranked if item[1].total()]
    for name, count in shown:
        cells = "".join(_number(count[severity]) for severity in SEVERITIES)
        link = f'<a href="#findings" data-pick="{field}" data-value="{escape(name)}">'
        yield f"<tr><td>{link}{escape(name)}</a></td>{cells}{_number(count.total())}</tr>"
    yield "</tbody></table></div>"
    if len(clean) > _CLEAN:
        names_of = ", ".join(map(escape, clean))
        yield f"<details><summary>{counted(len(clean), field)} without findings</summary>"
        yield f'<p class="faint small">{names_of}</p></details>'
    yield "</section>"


def _rank(count: Counter[str]) -> tuple[int, ...]:
    return tuple(-count[severity] for severity in SEVERITIES)


def _number(count: int) -> str:
    return f'<td class="number{"" if count else " zero"}">{count:,}</td>'


def _findings(made: Audit) -> Iterator[str]:
    yield '<section id="findings"><h2>Findings</h2>'
    if not made.findings:
        yield "<p>Nothing found.</p></section>"
        return
    yield from _filters(made)
    if len(made.findings) > MOST:
        yield f'<p class="faint">The worst {MOST:,} of {len(made.findings):,}.</p>'
    yield '<div class="scroll"><table><thead><tr><th>severity</th><th>guardrail</th>'
    yield "<th>account</th><th>resource</th><th>wrong, and what to do</th></tr></thead><tbody>"
    for finding in made.findings[:MOST]:
        yield _row(finding)
    yield "</tbody></table></div></section>"


def _filters(made: Audit) -> Iterator[str]:
    yield '<div class="filters"><input type="search" id="words" placeholder="any words"'
    yield ' aria-label="Words">'
    yield _choice("account", "every account", (f.account for f in made.findings))
    yield _choice("guardrail", "every guardrail", (f.guardrail for f in made.findings))
    for severity in SEVERITIES:
        yield _button("severity", severity, severity)
    yield _button("state", "new", "")
    yield '<span class="faint small" id="shown"></span></div>'


def _choice(field: str, every: str, names: Iterable[str]) -> str:
    options = "".join(f"<option>{escape(name)}</option>" for name in sorted(set(names)))
    return (
        f'<select id="{field}" aria-label="{field}"><option value="">{every}</option>'
        f"{options}</select>"
    )


def _button(key: str, value: str, tint: str) -> str:
    return (
        f'<button type="button" class="{tint}" data-key="{key}" data-value="{value}" '
        f'aria-pressed="false">{value}</button>'
    )


def _row(finding: Finding) -> str:
    marks = [f'<span class="mark {finding.severity}">{finding.severity}</span>']
    if finding.state == "new":
        marks.append('<span class="mark plain">new</span>')
    if finding.audit_only:
        marks.append('<span class="mark plain">audit only</span>')
    if finding.waiver is not None:
        marks.append('<span class="mark good">waived</span>')
    expired = ""
    if finding.expired is not None:
        ended = finding.expired
        expired = f"<br>waiver of {escape(ended.owner)} expired {ended.expires}"
    waived = " waived" if finding.waiver is not None else ""
    return (
        f'<tr class="row{waived}" data-account="{escape(finding.account)}" '
        f'data-guardrail="{escape(finding.guardrail)}" data-severity="{finding.severity}" '
        f'data-state="{finding.state}"><td>{" ".join(marks)}</td>'
        f"<td>{escape(finding.guardrail)}"
        f'<div class="faint small">{escape(finding.title)}</div></td>'
        f'<td>{escape(finding.account)}<div class="faint small">{finding.account_id}</div></td>'
        f'<td><code>{escape(finding.name)}</code><div class="faint small">'
        f"{escape(finding.resource_type)}</div></td>"
        f'<td>{escape(finding.says)}{expired}<div class="faint small">{escape(finding.remedy)}'
        f"<br>since {_moment(finding.first_seen)}</div></td></tr>"
    )


def _waivers(made: Audit) -> Iterator[str]:
    held = [(f, f.waiver) for f in made.findings if f.waiver is not None]
    if not held:
        return
    yield '<section><h2>Waived</h2><div class="scroll"><table><thead><tr><th>guardrail</th>'
    yield "<th>resource</th><th>owner</th><th>reason</th><th>approved by</th><th>until</th></tr>"
    yield "</thead><tbody>"
    for finding, waiver in held:
        cells = (finding.guardrail, finding.name, waiver.owner, waiver.reason, waiver.approver)
        told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f"<tr>{told}<td>{waiver.expires}</td></tr>"
    yield "</tbody></table></div></section>"


def _unread(made: Audit) -> Iterator[str]:
    left = [f"{name}: {reason}" for name, reason in made.scope.left_out.items()]
    left += [
        f"{one.what} of {made.name_of(one.account_id)}"
        f"{'' if one.resource == EVERYTHING else f' ({one.resource})'}: {one.reason}"
        for one in made.unread
    ]
    if left:
        yield "<section><h2>Not looked at</h2><ul>"
        yield from (f"<li>{escape(words)}</li>" for words in left)
        yield "</ul></section>"
    if made.not_judged:
        yield "<section><h2>Not judged</h2><ul>"
        for rules, accounts in by_accounts(made.not_judged):
            where = ", ".join(made.name_of(account) for account in accounts)
            yield f"<li>{escape(', '.join(rules))} in {escape(where)}</li>"
        yield "</ul></section>"


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
