"""Which accounts and regions an aggregator gathers from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.config.asking import SERVICE, Place
from landrail.localaws.services.config.compliance import Settle
from landrail.localaws.services.config.pages import page
from landrail.localaws.services.config.recorders import Recorders
from landrail.localaws.services.config.results import Document, Results, moment, now


class Aggregators:
    """The sources of aggregators, by what the store keeps of them and of authorizations."""

    def __init__(
        self, platform: Platform, results: Results, recorders: Recorders, settle: Settle
    ) -> None:
        """Know the places that have something to gather."""
        self._platform = platform
        self._results, self._recorders = results, recorders
        self._settle = settle

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {"DescribeConfigurationAggregatorSourcesStatus": self._statuses}

    def sources(self, call: ApiCall, settled: bool = True) -> list[Place]:
        """Return the accounts and regions that an aggregator gathers from, by default after what
        waits there was worked off; raises ApiError where there is no such aggregator."""
        aggregator = self._aggregator(call)
        known = dict.fromkeys([*self._recorders.places(), *self._results.places()])
        places = [place for place in known if self._gathers(call, aggregator, place)]
        for place in places if settled else ():
            self._settle(place)
        return places

    def _aggregator(self, call: ApiCall) -> Document:
        found: Document = self._platform.call(
            SERVICE,
            "config",
            "DescribeConfigurationAggregators",
            {"ConfigurationAggregatorNames": [call.params["ConfigurationAggregatorName"]]},
            region=call.region,
            account=call.account,
        )["ConfigurationAggregators"][0]
        return found

    def _gathers(self, call: ApiCall, aggregator: Document, place: Place) -> bool:
        account, region = place
        organization = aggregator.get("OrganizationAggregationSource")
        if organization and _in_region(organization, region):
            return True
        for source in aggregator.get("AccountAggregationSources") or ():
            if account in source.get("AccountIds", ()) and _in_region(source, region):
                return account == call.account or self._authorized(call, account, region)
        return False

    def _authorized(self, call: ApiCall, account: str, region: str) -> bool:
        """Whether the account has authorized the aggregator's account and region."""
        try:
            answer = self._platform.call(
                SERVICE,
                "config",
                "DescribeAggregationAuthorizations",
                {},
                region=region,
                account=account,
            )
        except ApiError:
            return False
        return any(
            (given["AuthorizedAccountId"], given["AuthorizedAwsRegion"])
            == (call.account, call.region)
            for given in answer.get("AggregationAuthorizations") or ()
        )

    def _statuses(self, call: ApiCall) -> Mapping[str, Any]:
        aggregator = self._aggregator(call)
        gathered = set(self.sources(call, settled=False))
        kind = "ORGANIZATION" if aggregator.get("OrganizationAggregationSource") else "ACCOUNT"
        shown = []
        for place in sorted(gathered | set(self._named(call, aggregator))):
            one: Document = {
                "SourceId": place[0],
                "SourceType": kind,
                "AwsRegion": place[1],
                "LastUpdateStatus": "SUCCEEDED" if place in gathered else "FAILED",
                "LastUpdateTime": moment(now()),
            }
            if place not in gathered:
                one |= {
                    "LastErrorCode": "NoDataAvailable",
                    "LastErrorMessage": "The source account has not authorized the aggregator, "
                    "or has no configuration recorder in the region.",
                }
            shown.append(one)
        wanted = call.params.get("UpdateStatus")
        shown = [one for one in shown if not wanted or one["LastUpdateStatus"] in wanted]
        return page(shown, call.params, "AggregatedSourceStatusList")

    def _named(self, call: ApiCall, aggregator: Document) -> list[Place]:
        return [
            (account, region)
            for source in aggregator.get("AccountAggregationSources") or ()
            for account in source.get("AccountIds", ())
            for region in source.get("AwsRegions") or (call.region,)
        ]


def _in_region(source: Document, region: str) -> bool:
    return bool(source.get("AllAwsRegions")) or region in (source.get("AwsRegions") or ())
