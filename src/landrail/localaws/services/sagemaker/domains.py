"""SageMaker domains and their user profiles: records, without the Studio that would stand behind.

What needs the web application (a presigned URL, an app) says that it is not there locally.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.sagemaker.listing import page
from landrail.localaws.services.sagemaker.names import Place, here
from landrail.localaws.services.sagemaker.records import (
    Document,
    Records,
    now,
    to_document,
    to_result,
)
from landrail.localaws.services.sagemaker.roles import check_own
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.tables import Tables

_LETTERS = string.ascii_lowercase + string.digits


class Domains:
    """The operations on domains and user profiles."""

    def __init__(self, tables: Tables, tags: Tags) -> None:
        """Keep records in `tables`; a profile's name is `DOMAIN/PROFILE` there."""
        self._domains = Records(tables, "domain")
        self._profiles = Records(tables, "user-profile")
        self._tags = tags

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "CreateDomain": self._create_domain,
            "DescribeDomain": self._describe_domain,
            "UpdateDomain": self._update_domain,
            "ListDomains": self._list_domains,
            "DeleteDomain": self._delete_domain,
            "CreateUserProfile": self._create_profile,
            "DescribeUserProfile": self._describe_profile,
            "UpdateUserProfile": self._update_profile,
            "ListUserProfiles": self._list_profiles,
            "DeleteUserProfile": self._delete_profile,
            "CreatePresignedDomainUrl": self._url,
        }

    def _create_domain(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        params = to_document(call.params)
        _own_roles(call, params.get("DefaultUserSettings", {}))
        for domain in self._domains.all(call.account, call.region):
            if domain["DomainName"] == params["DomainName"]:
                raise ApiError("ResourceInUse", f"Domain [{params['DomainName']}] already exists.")
        place = here(call, "domain", f"d-{_word(12)}")
        time = now()
        document: Document = {
            **{k: v for k, v in params.items() if k != "Tags"},
            "DomainId": place.name,
            "DomainArn": place.arn,
            "Status": "InService",
            "HomeEfsFileSystemId": f"fs-{secrets.token_hex(8)[:17]}",
            "Url": f"https://{place.name}.studio.{call.region}.sagemaker.aws",
            "CreationTime": time,
            "LastModifiedTime": time,
        }
        document.setdefault("AppNetworkAccessType", "PublicInternetOnly")
        self._domains.add(*place.key, document)
        self._tags.put(place.arn, params.get("Tags", []))
        return {"DomainArn": place.arn, "DomainId": place.name, "Url": document["Url"]}

    def _describe_domain(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        return to_result("DescribeDomain", self._domain(call))

    def _update_domain(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        params = to_document(call.params)
        domain = self._domain(call)
        _own_roles(call, params.get("DefaultUserSettings", {}))
        _change(self._domains, here(call, "domain", domain["DomainId"]), params)
        return {"DomainArn": domain["DomainArn"]}

    def _list_domains(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = page(
            self._domains.all(call.account, call.region),
            call.params,
            name="DomainName",
            answer="Domains",
        )
        return to_result("ListDomains", found)

    def _delete_domain(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        domain = self._domain(call)
        if self._profiles_of(call, domain["DomainId"]):
            raise ApiError(
                "ResourceInUse",
                f"Unable to delete Domain [{domain['DomainId']}] because UserProfile(s) are "
                "associated with it.",
            )
        self._domains.delete(call.account, call.region, domain["DomainId"])
        self._tags.forget(domain["DomainArn"])
        return {}

    def _create_profile(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        params = to_document(call.params)
        domain = self._domain(call)
        _own_roles(call, params.get("UserSettings", {}))
        place = self._place(call)
        time = now()
        document: Document = {
            **{k: v for k, v in params.items() if k != "Tags"},
            "UserProfileArn": place.arn,
            "Status": "InService",
            "HomeEfsFileSystemUid": str(200000 + len(self._profiles_of(call, domain["DomainId"]))),
            "CreationTime": time,
            "LastModifiedTime": time,
        }
        if not self._profiles.add(*place.key, document):
            raise ApiError(
                "ResourceInUse", f"UserProfile [{params['UserProfileName']}] already exists."
            )
        self._tags.put(place.arn, params.get("Tags", []))
        return {"UserProfileArn": place.arn}

    def _describe_profile(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        return to_result("DescribeUserProfile", self._profile(call))

    def _update_profile(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        params = to_document(call.params)
        profile = self._profile(call)
        _own_roles(call, params.get("UserSettings", {}))
        _change(self._profiles, self._place(call), params)
        return {"UserProfileArn": profile["UserProfileArn"]}

    def _list_profiles(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        domain = call.params.get("DomainIdEquals")
        part = call.params.get("UserProfileNameContains", "")
        found = page(
            self._profiles.all(call.account, call.region),
            call.params,
            name="UserProfileName",
            answer="UserProfiles",
            order="Ascending",
            keep=lambda p: part in p["UserProfileName"] and domain in (None, p["DomainId"]),
        )
        return to_result("ListUserProfiles", found)

    def _delete_profile(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        profile = self._profile(call)
        self._profiles.delete(*self._place(call).key)
        self._tags.forget(profile["UserProfileArn"])
        return {}

    def _url(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        self._profile(call)
        raise invalid(
            "The local AWS has no Studio to open: CreatePresignedDomainUrl is not supported."
        )

    def _domain(self, call: ApiCall) -> Document:
        name = call.params["DomainId"]
        found = self._domains.get(call.account, call.region, name)
        if found is None:
            raise ApiError("ResourceNotFound", f"Domain [{name}] does not exist.")
        return found

    def _profile(self, call: ApiCall) -> Document:
        self._domain(call)
        found = self._profiles.get(*self._place(call).key)
        if found is None:
            name = call.params["UserProfileName"]
            raise ApiError("ResourceNotFound", f"UserProfile [{name}] does not exist.")
        return found

    def _profiles_of(self, call: ApiCall, domain: str) -> list[Document]:
        found = self._profiles.all(call.account, call.region)
        return [profile for profile in found if profile["DomainId"] == domain]

    def _place(self, call: ApiCall) -> Place:
        name = f"{call.params['DomainId']}/{call.params['UserProfileName']}"
        return here(call, "user-profile", name)


def _change(records: Records, place: Place, params: Document) -> None:
    def change(document: Document) -> None:
        for name, value in params.items():
            old = document.get(name)
            if isinstance(old, dict) and isinstance(value, dict):
                value = {**old, **value}
            document[name] = value
        document["LastModifiedTime"] = now()

    records.change(*place.key, change)


def _own_roles(call: ApiCall, settings: Document) -> None:
    role = settings.get("ExecutionRole")
    if role is not None:
        check_own(call, role)


def _word(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
