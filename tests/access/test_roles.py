"""The access matrix: every role in every kind of account, by real calls, and who enters at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from landrail.operations.people import ways
from landrail.operations.target import person_token

from .conftest import Platform
from .matrix_data import acts, people, tables
from .matrix_run import Stage, tried, wrong
from .matrix_stage import staged

pytestmark = pytest.mark.xdist_group("access")

_ACTS = acts()
_TABLES = tables()
_PEOPLE = people()
_EVERYBODY = ("adam", "ana", "audrey", "cal", "dee", "eli", "nobody", "olga", "sam")


@pytest.fixture(scope="module")
def stage(platform: Platform) -> Stage:
    return staged(platform, _TABLES)


@pytest.mark.parametrize("kind", _TABLES)
def test_every_role_may_what_the_matrix_says_and_nothing_else(stage: Stage, kind: str) -> None:
    table = _TABLES[kind]
    cells = tried(stage, table, _ACTS)
    assert len(cells) == len(table.roles) * len(table.rows)
    assert wrong(stage, table, cells) == []


def test_what_is_denied_to_some_is_allowed_to_others() -> None:
    allowed = {
        _ACTS[act].step.call
        for table in _TABLES.values()
        for act, letters in table.rows.items()
        if any(letters.values())
    }
    denied = {
        _ACTS[act].step.call
        for table in _TABLES.values()
        for act, letters in table.rows.items()
        if not all(letters.values())
    }
    assert denied <= allowed
    assert len(_ACTS) >= 60


def test_the_matrix_has_every_role_of_its_accounts(platform: Platform) -> None:
    for table in _TABLES.values():
        built = {way.role for way in ways(platform.wanted) if way.account == table.account}
        # One of each team's, line's and person's stands for all.
        others = {role for role in built if "freight" in role or "cargo" in role or "-ben" in role}
        assert built - others == set(table.roles), table.kind


@pytest.mark.parametrize("kind", _TABLES)
def test_only_who_the_matrix_names_enters(platform: Platform, kind: str) -> None:
    account = _TABLES[kind].account
    roles = [way for way in ways(platform.wanted) if way.account == account]
    entered: dict[str, set[str]] = {}
    sts = platform.target.entrances.connection
    tokens = {who: person_token(platform.server, who, mfa=True) for who in _EVERYBODY}

    def enter(who: str, path: str) -> str | None:
        try:
            sts.anonymous(
                "sts",
                "AssumeRoleWithWebIdentity",
                RoleArn=f"arn:aws:iam::{platform.ids[account]}:role/{path}",
                RoleSessionName=who,
                WebIdentityToken=tokens[who],
            )
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return None

    asked = [(who, way) for who in _EVERYBODY for way in roles]
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda one: enter(one[0], one[1].path), asked))
    for (who, way), code in zip(asked, answers, strict=True):
        assert code in (None, "AccessDenied"), (who, way.role, code)
        if code is None:
            entered.setdefault(who, set()).add(way.role)
    expected = {who: set(names) for who, names in _PEOPLE[kind].items()}
    if kind in ("data-science", "development", "uat", "production"):
        assert not entered.keys() & {"eli", "sam", "cal", "nobody"}
    assert entered == expected
