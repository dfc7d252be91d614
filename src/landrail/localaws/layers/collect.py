"""One thing to be allowed, with all that has a say: the request and the policies in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from landrail.localaws.api import Caller
from landrail.localaws.layers.circumstances import (
    Circumstances,
    call_context,
    organization_context,
    source_context,
)
from landrail.localaws.layers.documents import in_force
from landrail.localaws.layers.endpoint_keys import owner_keys
from landrail.localaws.layers.organization import OrganizationPolicies
from landrail.localaws.layers.principals import own_side
from landrail.localaws.layers.resource import (
    Finder,
    TagFinder,
    bucket_list,
    key_grants,
    resource_policy,
    resource_tags,
    restricts_public,
)
from landrail.localaws.layers.sources import Sources
from landrail.policy import (
    ContextValue,
    Decision,
    Document,
    Policies,
    PolicyInForce,
    Request,
    asks_resource_tags,
    authorize,
)

_CREATES = ("create", "register", "run", "import", "allocate")


class Layers:
    """The policies of one local AWS; `finder` asks the services of ours for their resources'."""

    def __init__(
        self, sources: Sources, finder: Finder, find_tags: TagFinder = lambda *_: None
    ) -> None:
        self._sources = sources
        self._finder = finder
        self._find_tags = find_tags
        self._organization = OrganizationPolicies(sources)

    def decide(
        self,
        caller: Caller,
        action: str,
        resource: str,
        account: str,
        circumstances: Circumstances,
        *,
        context: Mapping[str, ContextValue] | None = None,
        via: str | None = None,
    ) -> Decision:
        """Decide one authorization; raises Unreadable where a policy in force cannot be read.

        `account` owns the resource, `context` are the keys of the request's parameters, `via` the
        service that asks on the caller's behalf.
        """
        request, policies = self.collect(
            caller, action, resource, account, circumstances, context=context, via=via
        )
        return self.answer(request, policies)

    def answer(self, request: Request, policies: Policies) -> Decision:
        """Decide what was collected: the place for who wants to see what decisions rest on."""
        return authorize(request, policies)

    def collect(
        self,
        caller: Caller,
        action: str,
        resource: str,
        account: str,
        circumstances: Circumstances,
        *,
        context: Mapping[str, ContextValue] | None = None,
        via: str | None = None,
    ) -> tuple[Request, Policies]:
        """Collect the request and the policies in force; raises Unreadable."""
        own = own_side(caller, action, account, circumstances, self._sources)
        region = circumstances.region
        policies = Policies(
            identity=own.identity,
            boundary=own.boundary,
            session=own.session,
            resource=resource_policy(
                action,
                resource,
                account,
                region,
                self._sources,
                self._finder,
                direct=via is None,
            ),
            acl=bucket_list(action, resource, account, self._sources),
            scps=self._organization.scps(own.principal.account),
            rcps=self._organization.rcps(account),
            grants=key_grants(resource, account, self._sources),
            restrict_public=restricts_public(resource, account, self._sources),
            endpoint=_endpoint(caller, action, circumstances, via),
        )
        derived: dict[str, ContextValue] = {
            **(context or {}),
            **organization_context(self._sources, own.principal.account, account),
            **call_context(caller, action, circumstances, via),
        }
        derived |= source_context(self._sources, derived.get("aws:SourceAccount"))
        if not via and not caller.called_via:
            derived |= owner_keys(circumstances.way, action, self._sources)
        if any(asks_resource_tags(document) for document in _documents(policies)):
            tags = resource_tags(action, resource, account, region, self._sources, self._find_tags)
            derived = {**_tags_of_create(action, derived), **derived, **tags}
        return Request(own.principal, action, resource, account, derived), policies


def _endpoint(
    caller: Caller, action: str, circumstances: Circumstances, via: str | None
) -> tuple[PolicyInForce, ...]:
    """The policy of the VPC endpoint that the call came through. What a service asks another in
    the caller's name does not come through it."""
    way = circumstances.way
    if way.vpce is None or way.policy is None or via or caller.called_via:
        return ()
    if action.partition(":")[0] != circumstances.prefix:
        return ()
    return (in_force("endpoint policy", way.policy, way.vpce, "endpoint"),)


def _documents(policies: Policies) -> Iterator[Document]:
    for level in (*policies.scps, *policies.rcps):
        yield from (p.document for p in level.policies)
    for group in (policies.identity, policies.boundary or (), policies.session):
        yield from (p.document for p in group)
    yield from (p.document for p in policies.endpoint)
    if policies.resource is not None:
        yield policies.resource.document


def _tags_of_create(action: str, context: Mapping[str, ContextValue]) -> dict[str, ContextValue]:
    """The tags of a create are the resource's tags too; those of a later tagging are not, or one
    could tag oneself into what policies allow by tag."""
    name = action.partition(":")[2].lower()
    if "tag" in name or not name.startswith(_CREATES):
        return {}
    marker = "aws:RequestTag/"
    return {
        f"aws:ResourceTag/{key[len(marker) :]}": value
        for key, value in context.items()
        if key.startswith(marker)
    }
