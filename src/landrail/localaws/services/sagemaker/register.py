"""The register of one kind of job: its records, and the operations that are the same for all kinds.

Training, processing and transform differ in what they take and run; how their jobs are named,
described, listed, stopped and given up after a restart is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.sagemaker.jobs import Jobs
from landrail.localaws.services.sagemaker.listing import page
from landrail.localaws.services.sagemaker.names import Place, here
from landrail.localaws.services.sagemaker.records import (
    Document,
    Records,
    now,
    to_document,
    to_result,
)
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.tables import Tables

_RUNNING = ("InProgress", "Stopping")
_INTERRUPTED = "InternalServerError: the local AWS was stopped while the job ran"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job in the API's words: `noun` as in `CreateTrainingJob`, and how the service says
    that a name is `taken` or `missing` (`{name}` stands for it)."""

    noun: str
    taken: str
    missing: str

    @property
    def resource(self) -> str:
        """The type in its ARNs, `training-job`."""
        return f"{self.noun.removesuffix('Job').lower()}-job"


class Register:
    """The jobs of one kind; `stopping` writes into a record that its job is being stopped."""

    def __init__(
        self,
        kind: Kind,
        tables: Tables,
        jobs: Jobs,
        tags: Tags,
        stopping: Callable[[Document], None] | None = None,
    ) -> None:
        """Keep records in `tables`; `jobs` are those under way."""
        self.kind = kind
        self._records = Records(tables, kind.resource)
        self._jobs = jobs
        self._tags = tags
        self._stopping = stopping or self._mark_stopping

    def operations(self, create: Operation) -> dict[str, Operation]:
        """Return the operations by name; `create` is the kind's own."""
        noun = self.kind.noun
        return {
            f"Create{noun}": create,
            f"Describe{noun}": self._describe,
            f"List{noun}s": self._list,
            f"Stop{noun}": self._stop,
        }

    def free(self, call: ApiCall) -> Place:
        """Return the place of a job to be made; raises ApiError where its name is taken."""
        place = here(call, self.kind.resource, call.params[self._member("Name")])
        if self._records.get(*place.key) is not None:
            raise self._taken(place)
        return place

    def add(self, place: Place, params: Mapping[str, Any], **members: Any) -> Document:
        """Keep a new job in progress, with its tags; raises ApiError where its name is taken."""
        given = to_document(params)
        tags = given.pop("Tags", [])
        job: Document = {
            **given,
            self._member("Arn"): place.arn,
            self._member("Status"): "InProgress",
            "CreationTime": now(),
            **members,
        }
        if not self._records.add(*place.key, job):
            raise self._taken(place)
        self._tags.put(place.arn, tags)
        return job

    def change(self, place: Place, change: Callable[[Document], None]) -> None:
        """Change a job's record with no other writer between."""
        self._records.change(*place.key, change)

    def set(self, place: Place, **members: Any) -> None:
        """Write members into a job's record."""
        self._records.change(*place.key, lambda job: job.update(members))

    def give_up(self, end: Callable[[Place, str, str | None], None]) -> None:
        """End as failed what ran when the server was stopped."""
        for account, region, name, job in self._records.everywhere():
            if job[self._member("Status")] in _RUNNING:
                end(Place(account, region, self.kind.resource, name), "Failed", _INTERRUPTED)

    def _member(self, what: str) -> str:
        return f"{self.kind.noun}{what}"

    def _find(self, call: ApiCall) -> Document:
        name = call.params[self._member("Name")]
        found = self._records.get(call.account, call.region, name)
        if found is None:
            raise invalid(self.kind.missing.format(name=name))
        return found

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        return to_result(f"Describe{self.kind.noun}", self._find(call))

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = page(
            self._records.all(call.account, call.region),
            call.params,
            name=self._member("Name"),
            status=self._member("Status"),
            answer=self._member("Summaries"),
        )
        return to_result(f"List{self.kind.noun}s", found)

    def _stop(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        job = self._find(call)
        place = here(call, self.kind.resource, job[self._member("Name")])
        status = job[self._member("Status")]
        if status != "InProgress":
            words = self.kind.resource.replace("-", " ")
            raise invalid(f"The request was rejected because the {words} is in status {status}.")
        self.change(place, self._stopping)
        self._jobs.stop(place)
        return {}

    def _mark_stopping(self, job: Document) -> None:
        if job[self._member("Status")] == "InProgress":
            job[self._member("Status")] = "Stopping"
            job["LastModifiedTime"] = now()

    def _taken(self, place: Place) -> ApiError:
        return ApiError("ResourceInUse", f"{self.kind.taken} ({place.arn})")
