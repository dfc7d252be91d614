"""What a model says of its pipelines: where its code lies, which of the five kinds there are and
how each runs, who approves a release and for how long it waits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from landrail.diagnostics import nearest
from landrail.spec.terms import ConnectionArn, RepositoryId, Schedule, Span, minutes
from landrail.spec.texts import Repository, Said, Text, mistake, mistakes
from landrail.spec.worded import Part, Worded

Kind = Literal["end-to-end", "image", "training", "registration", "deployment"]
ExecutionMode = Literal["queued", "superseded", "parallel"]
Retry = Literal["none", "failed", "all"]
DevelopmentStage = Literal["none", "data-science", "development"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STAGING: tuple[Kind, ...] = ("end-to-end", "deployment")
"""The kinds that put a candidate on the staging endpoint, of which there is one."""
TRAINING: tuple[Kind, ...] = ("end-to-end", "training")
"""The kinds that train, and so take the model's parameters."""
NEEDS: Mapping[Kind, tuple[str, tuple[Kind, ...]]] = {
    "training": ("builds", ("image", "end-to-end")),
    "registration": ("trained candidates", ("training", "end-to-end")),
    "deployment": ("registered versions", ("registration", "end-to-end")),
}
"""What a kind begins with, and which kinds make it."""


class Repo(Worded):
    """Where a model's code lies: a CodeCommit repository of the platform, by its name, or one of
    another host, over a connection that there is."""

    word: ClassVar[str] = "name"

    name: Repository | None = None
    """CodeCommit repository in shared services."""
    connection: ConnectionArn | None = None
    """ARN of a CodeConnections connection; on the local AWS, a git remote stands for its host."""
    id: RepositoryId | None = None
    """The repository's id at the host of the connection, like `acme/churn`."""

    @model_validator(mode="after")
    def _one_place(self) -> Repo:
        if self.name is not None and (self.connection or self.id):
            raise mistake(
                "a repository is in CodeCommit (`name`) or over a connection, not both",
                "keep `name`, or `connection` and `id`",
            )
        if self.name is None and not (self.connection and self.id):
            missing = "id" if self.connection else "connection"
            raise mistake(
                f"`{missing}` is missing in `repo`",
                "write a CodeCommit repository's name, or {connection: ARN, id: owner/name}",
            )
        return self


class Approval(Worded):
    """Who approves a release to production, and how long the release waits for it."""

    word: ClassVar[str] = "by"

    by: Literal["mlops"] = "mlops"
    """Who approves: MLOps engineers of the model's team."""
    within: Span = "7d"
    """How long a release waits before it fails: 5 minutes to 60 days (`30m`, `12h`, `7d`)."""

    @property
    def minutes(self) -> int:
        """How many minutes a release waits."""
        return minutes(self.within)


class PipelineEntry(Part):
    """How one kind of a model's pipelines runs."""

    mode: ExecutionMode | None = None
    """What happens to an execution while another one is under way: it waits for its turn
    (`queued`), gives way to a newer one (`superseded`), or runs beside it (`parallel`).
    `superseded` for `end-to-end` and `image`, `queued` for the others."""
    schedule: Schedule | None = None
    """When it starts by itself (UTC), as EventBridge has it: `rate(7 days)`, `cron(0 3 ? * MON *)`;
    beside pushes and whoever starts it."""
    retry: Retry = "none"
    """Whether a stage that fails is tried once more by itself: its `failed` actions, or `all`;
    approvals and production never are."""


def _named(given: Any) -> Any:
    """Take a list of kinds for a mapping of them, and refuse what is no kind."""
    if isinstance(given, list | tuple):
        wrong = list(_not_once(given))
        if wrong:
            raise mistakes(wrong)
        return {str(name): {} for name in given}
    if isinstance(given, str) and not _nothing(given):
        raise mistake(f"`pipelines` is a list or a mapping, not `{given}`", _FORM)
    if not isinstance(given, Mapping):
        return given
    wrong = [_unknown(str(name), (str(name),)) for name in given if name not in KINDS]
    if wrong:
        raise mistakes(wrong)
    if not given:
        raise mistake("`pipelines` is empty", _FORM)
    empty = isinstance(given, dict)
    return {k: {} if empty and _nothing(v) else v for k, v in given.items()}


def _not_once(given: list[Any] | tuple[Any, ...]) -> Iterator[Said]:
    if not given:
        yield Said("`pipelines` is an empty list", _FORM)
    for index, name in enumerate(given):
        if not isinstance(name, str):
            yield Said("a pipeline is named by its kind here", _FORM, (index,))
        elif name not in KINDS:
            yield _unknown(str(name), (index,))
        elif name in given[:index]:
            yield Said(f"`{name}` stands here twice", "name it once", (index,))


def _unknown(name: str, path: tuple[str | int, ...]) -> Said:
    near = nearest(name, KINDS)
    remedy = f"did you mean `{near}`?" if near else f"kinds: {', '.join(KINDS)}"
    return Said(f"there is no kind of pipeline `{name}`", remedy, path, isinstance(path[-1], str))


def _nothing(value: Any) -> bool:
    return isinstance(value, Text) and value.tag == "null"


_FORM = f"name kinds, like [end-to-end]; there are {', '.join(KINDS)}"
WHOLE: Mapping[Kind, PipelineEntry] = {"end-to-end": PipelineEntry()}


class _Forms:
    """The JSON Schema of the key: a list of kinds, or each with how it runs."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        entry = handler(core_schema)["additionalProperties"]
        items = {"enum": list(KINDS)}
        kinds = {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}
        each = {
            "type": "object",
            "properties": {kind: {"anyOf": [entry, {"type": "null"}]} for kind in KINDS},
            "additionalProperties": False,
            "minProperties": 1,
        }
        return {"anyOf": [kinds, each]}


Pipelines = Annotated[Mapping[Kind, PipelineEntry], BeforeValidator(_named), _Forms()]


def together(
    pipelines: Mapping[Kind, PipelineEntry],
    *,
    given: Collection[str],
    connected: bool,
    schedule: str | None,
    development: str,
) -> Iterator[Said]:
    """Yield what is wrong in a model's keys about pipelines together; `given` are the keys that the
    file has."""
    for kind, entry in pipelines.items():
        thing, makers = NEEDS.get(kind, ("", ()))
        if makers and not any(maker in pipelines for maker in makers):
            said = f"`{kind}` begins with {thing}, and no pipeline here makes them"
            yield Said(said, f"add {' or '.join(makers)}", ("pipelines", kind))
        if entry.mode == "parallel" and kind in STAGING:
            yield Said(
                f"`{kind}` cannot run in parallel: a model has one staging endpoint, and an "
                "execution would test the candidate of another",
                "write `queued` or `superseded`; image, training and registration may be parallel",
                ("pipelines", kind, "mode"),
            )
    whole = pipelines.get("end-to-end")
    if schedule is not None and whole is None:
        remedy = f"write it into the pipeline that it starts: {{{next(iter(pipelines))}: ...}}"
        yield Said("`schedule` starts the end-to-end pipeline, which is not here", remedy, _AT)
    if schedule is not None and whole is not None and whole.schedule is not None:
        yield Said("the end-to-end pipeline has two schedules", "keep one of them", _AT)
    if development != "none" and whole is None:
        yield Said(
            "the development stage is one of the end-to-end pipeline, which is not here",
            "add `end-to-end` to `pipelines`, or leave `development` out",
            ("development",),
        )
    yield from _without_effect(pipelines, given)
    if "paths" in given and not connected:
        yield Said(
            "`paths` need a repository over a connection: CodeCommit's events do not tell which "
            "files a push changed",
            "leave `paths` out, or name the repository by `repo: {connection: ARN, id: ...}`",
            ("paths",),
        )


def _without_effect(
    pipelines: Mapping[Kind, PipelineEntry], given: Collection[str]
) -> Iterator[Said]:
    """Yield the keys that nothing would follow: what the file says, it gets or is told why not."""
    for keys, kinds, does in (
        (("approve", "deploy", "batch"), STAGING, "releases anything"),
        (("parameters",), TRAINING, "trains"),
    ):
        if not any(kind in pipelines for kind in kinds):
            remedy = f"add {' or '.join(f'`{kind}`' for kind in kinds)} to `pipelines`"
            for key in keys:
                if key in given:
                    said = f"`{key}` has no effect: no pipeline of the model {does}"
                    yield Said(said, f"{remedy}, or leave `{key}` out", (key,), True)


_AT = ("schedule",)
