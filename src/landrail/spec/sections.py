"""The sections of the file, each a frozen value with its defaults.

The attribute names are the keys of the file. References between sections are checked in
`references`, not here: a section knows only itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from landrail.spec.batch import Batch
from landrail.spec.deploy import Deploy
from landrail.spec.pipelines import (
    WHOLE,
    Approval,
    DevelopmentStage,
    Pipelines,
    Repo,
    together,
)
from landrail.spec.terms import Branch, ParameterName, ParameterValue, PathGlob, Schedule
from landrail.spec.texts import (
    AccountId,
    Audience,
    Cidr,
    Expiry,
    Gate,
    Issuer,
    Name,
    OrganizationId,
    Person,
    mistake,
    mistakes,
)
from landrail.spec.worded import Part

__all__ = ["ONCE", "Part"]

LOCAL_ISSUER = "https://identity.landrail.local"


def _network_kind(value: Any) -> Any:
    if value == "network":
        raise mistake("accounts of kind `network` are not built yet", "leave the entry out")
    return value


Environment = Literal["dev", "test", "prod"]
AccountKind = Annotated[
    Literal["shared-services", "data-management"], BeforeValidator(_network_kind)
]
ControlTower = Literal["none", "expected", "existing"]
Layout = Literal["workloads", "lines-of-business"]
DataClass = Literal["public", "internal", "confidential", "restricted"]
Serving = Literal["online", "batch"]


def _once_each(value: Any) -> Any:
    """Refuse a list with the same entry twice; the place is that of the second."""
    if not isinstance(value, list | tuple):
        return value
    seen = set()
    for index, item in enumerate(value):
        if isinstance(item, str) and item in seen:
            raise mistake(f"`{item}` stands here twice", "name it once", index)
        if isinstance(item, str):
            seen.add(item)
    return value


ONCE = BeforeValidator(_once_each)
People = Annotated[tuple[Person, ...], ONCE]
Names = Annotated[tuple[Name, ...], ONCE]


class AwsTarget(Part):
    """The AWS organization that the platform is built in."""

    organization: OrganizationId
    """Id of the organization (`o-...`); a caller of another one is refused."""
    management_account: AccountId
    """Id of its management account, in quotes."""


class Target(Part):
    """Where commands act: the local AWS, or one organization of AWS."""

    aws: AwsTarget | None = None
    """An organization of AWS, instead of `local`."""

    @model_validator(mode="before")
    @classmethod
    def _local(cls, value: Any) -> Any:
        if isinstance(value, str):
            if value == "local":
                return {}
            raise mistake(
                f"`{value}` is not a target",
                "write `local`, or {aws: {organization: ..., management_account: ...}}",
            )
        return value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON Schema, in which the word `local` stands for the section."""
        reference = handler(core_schema)
        schema = handler.resolve_ref_schema(reference)
        section = {key: schema.pop(key) for key in list(schema) if key != "description"}
        aws = next(c for c in section["properties"]["aws"]["anyOf"] if c != {"type": "null"})
        section["properties"]["aws"] = {**aws, "description": "An organization of AWS."}
        schema["anyOf"] = [{"const": "local"}, section]
        return reference

    @property
    def is_local(self) -> bool:
        """Whether commands act on the local AWS."""
        return self.aws is None


class AccountEntry(Part):
    """An entry of `accounts`: one account for each of its environments, called KEY-ENVIRONMENT."""

    kind: AccountKind
    """What the accounts are for."""
    environments: Annotated[tuple[Environment, ...], ONCE, Field(min_length=1)] = ("prod",)
    """Each is an account of its own; `prod` must be among them."""
    id: AccountId | None = None
    """Id of an existing account to adopt; only where `environments` has one entry."""


class Team(Part):
    """The people who work on models together, in one line of business."""

    lob: Name
    """Line of business."""
    scientists: People = ()
    """Data scientists: experiment in data-science, read metrics and logs in UAT."""
    mlops: People = ()
    """MLOps engineers: operate pipelines, approve releases."""
    data_engineers: People = ()
    """Data engineers: publish data sets in data management."""


class Dataset(Part):
    """A data set of the data lake and those who may read it."""

    owner: Name
    """Entry of `accounts` of kind `data-management` that holds it."""
    share: Names = ()
    """Lines of business whose accounts may read it."""
    data_class: DataClass = Field(default="internal", alias="class")
    """How sensitive it is."""
    expires: Expiry | None = None
    """Last day of the grant (UTC); no end where it is left out."""
    network: Literal["optional", "required"] = "optional"
    """`required`: those it is shared with read it only from the networks of their accounts, through
    the VPC endpoint for S3, and not over the internet."""


class Model(Part):
    """A machine-learning model, its repository and the way to production."""

    team: Name
    """Team that owns it."""
    repo: Repo | None = None
    """Where its code lies: a CodeCommit repository, or `{connection: ARN, id: owner/name}`; the
    CodeCommit repository of the model's name where it is left out."""
    branch: Branch = "main"
    """Branch whose pushes start its pipelines."""
    paths: Annotated[tuple[PathGlob, ...], ONCE, Field(max_length=8)] = ()
    """Only pushes that change one of these files start them (`src/**`); over a connection only."""
    dataset: Name | None = None
    """Data set it learns from; where it is left out, all that are shared with the team."""
    gate: Gate = "auc >= baseline + 0.01"
    """What the evaluation must show before the model is registered."""
    approve: Approval = Approval()
    """Who approves a release to production: `mlops`, or `{by: mlops, within: 7d}`."""
    pipelines: Pipelines = WHOLE
    """Which pipelines it has: a list of kinds, or each with how it runs."""
    schedule: Schedule | None = None
    """When the end-to-end pipeline starts by itself (UTC), like `rate(7 days)`."""
    parameters: Mapping[ParameterName, ParameterValue] = {}
    """Variables of its pipelines, by name, each with its default: hyperparameters of the training
    and, as `LANDRAIL_PARAMETER_NAME`, in the environment of the steps."""
    development: DevelopmentStage = "none"
    """Account of the line in which it is trained, measured and deployed before UAT."""
    serve: Annotated[tuple[Serving, ...], ONCE, Field(min_length=1)] = ("online", "batch")
    """How it serves: an endpoint, a batch job, or both."""
    batch: Batch | None = None
    """What its batch job scores, how and when; for one that serves by `batch`."""
    deploy: Deploy | None = None
    """How its endpoint takes a new version; for one that serves `online`."""

    @model_validator(mode="after")
    def _fits_together(self) -> Model:
        if "batch" not in self.serve and self.batch is not None:
            raise mistake(
                "`batch` is said of a model that does not serve so", "add `batch` to its `serve`"
            )
        if "online" not in self.serve and self.deploy is not None:
            raise mistake(
                "`deploy` is said of a model without an endpoint", "add `online` to its `serve`"
            )
        wrong = together(
            self.pipelines,
            given={key for key in self.model_fields_set if getattr(self, key)},
            connected=self.connection is not None,
            schedule=self.schedule,
            development=self.development,
        )
        if said := tuple(wrong):
            raise mistakes(said)
        return self

    @property
    def deployed(self) -> Deploy:
        """How its endpoint takes a new version, as the file says or by default."""
        return self.deploy or Deploy()

    @property
    def connection(self) -> Repo | None:
        """The repository over a connection; None where the code lies in CodeCommit."""
        return self.repo if self.repo is not None and self.repo.connection else None


class Identity(Part):
    """The OpenID Connect issuer whose tokens people sign in with."""

    issuer: Issuer = LOCAL_ISSUER
    """URL of the issuer; the local AWS has a stand-in for it."""
    audience: Audience = "landrail"
    """Audience of the tokens."""


class Network(Part):
    """The private network of the accounts where models are trained and served."""

    cidr: Cidr = "10.0.0.0/16"
    """Address block of each VPC (the VPCs are not connected)."""
    endpoints: Literal["recommended"] = "recommended"
    """Interface endpoints in each VPC."""
