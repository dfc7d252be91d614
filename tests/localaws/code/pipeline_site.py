"""A local AWS that a test kills and starts again, with one pipeline in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from code_people import Person, allow, trust
from code_workshop import Workshop

Launch = Callable[..., Any]
NAME = "kills"


class Site:
    """A server over a state folder, killed and started again."""

    def __init__(self, launch: Launch, state: Path) -> None:
        self._launch = launch
        self._state = state
        self._running = launch(state, "--port", "0")
        self.account = str(self.local.account("code"))

    @property
    def local(self) -> Any:
        return self._running.local

    @property
    def shop(self) -> Workshop:
        person = Person(self.local.administrator(self.account), self.local.endpoint, self._state)
        role = f"arn:aws:iam::{self.account}:role/{NAME}"
        return Workshop(person, NAME, NAME, role, f"{NAME}-store", NAME)

    def kill(self) -> None:
        self._running.kill()
        self._running = self._launch(self._state, "--port", "0")

    def change_documents(self, change: Callable[[dict[str, Any]], None]) -> None:
        """End the server, change what it wrote of executions, and start it again."""
        self._running.stop()
        table = sqlite3.connect(self._state / "tables.sqlite")
        rows = table.execute(
            "SELECT key, value FROM documents WHERE name = 'codepipeline.executions'"
        ).fetchall()
        for key, text in rows:
            document = json.loads(text)
            change(document)
            table.execute(
                "UPDATE documents SET value = ? WHERE name = 'codepipeline.executions' AND key = ?",
                (json.dumps(document), key),
            )
        table.commit()
        table.close()
        self._running = self._launch(self._state, "--port", "0")

    def set_up(self, *stages: dict[str, Any], **more: Any) -> Workshop:
        local, account = self.local, self.account
        local.role(account, NAME, allow("*"), trust("codepipeline.amazonaws.com"))
        shop = self.shop
        shop.person.client("codecommit").create_repository(repositoryName=NAME)
        where = {"LocationConstraint": "eu-west-1"}
        shop.person.client("s3").create_bucket(Bucket=shop.bucket, CreateBucketConfiguration=where)
        shop.commit("word-1")
        shop.client.create_pipeline(pipeline=shop.definition(*stages, **more))
        return shop
