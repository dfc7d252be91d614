"""Accounts, as S3 sees them: the account-wide public access block.

What other services keep of an account stands in tables of its own (`accounts_*`), so that a service
that cannot be asked leaves the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.account import account_row
from landrail.inventory.ask import Ask
from landrail.inventory.s3 import BLOCK, account_block
from landrail.inventory.table import Row, Table


def _collect(ask: Ask) -> Iterator[Row]:
    block = account_block(ask)
    yield {**account_row(ask), **block, "configuration": {"public_access_block": block}}


TABLE = Table(
    name="accounts",
    resource_type="AWS::::Account",
    services=("s3control",),
    columns=BLOCK,
    collect=_collect,
    reads=("s3:GetAccountPublicAccessBlock",),
    is_global=True,
)
