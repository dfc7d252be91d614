"""Parameters and results as the trail may show them: CloudTrail's names, no secrets, no bodies.

What is secret is said by botocore's `sensitive` trait, by a list of names, and for values that are
secret only in company (a parameter of type SecureString, the environment of a build) by rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

MASK = "***"
_NAMES = frozenset(
    {
        *("secretstring", "secretbinary", "secretaccesskey", "secretkey", "clientsecret"),
        *("password", "passphrase", "masteruserpassword", "newpassword", "oldpassword"),
        *("sessiontoken", "webidentitytoken", "samlassertion", "authorizationtoken", "tokencode"),
        *("privatekey", "privatekeyplaintext", "keymaterial", "plaintext", "plaintextkey"),
        *("bearertoken", "accesstoken", "refreshtoken", "idtoken", "authtoken", "oauthtoken"),
        *("authorizationcode1", "authorizationcode2", "authenticationcode1", "authenticationcode2"),
        *("base32stringseed", "qrcodepng", "ssecustomerkey", "copysourcessecustomerkey"),
        *("packageversionasset", "sharedsecret", "presharedkey", "credential"),
    }
)
_ENDINGS = ("password", "secret", "privatekey", "sessiontoken", "secretkey", "passphrase")
_BODIES = frozenset({"templatebody", "zipfile", "filecontent", "body", "userdata"})
# A second's values of an endpoint are a page: how many there were must do.
_MANY = frozenset({"metricdata"})
_ENVIRONMENTS = frozenset({"environment", "environmentvariables", "environmentvariablesoverride"})
_LONGEST = 12_000
_LONGEST_BODY = 500
# What a signed URL carries; whoever has it can use the URL.
_SIGNED = re.compile(
    r"(?i)\b(X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|Signature)=[^&\s\"']+"
)
_USER_INFO = re.compile(r"(?i)\b(https?://)[^/\s:@]+:[^/\s@]+@")


def masked(value: Any, shape: Any = None, name: str = "") -> Any:
    """Return the value with secrets and bodies replaced, names as CloudTrail writes them (their
    first letter small); `shape` is its botocore shape."""
    if shape is not None and shape.metadata.get("sensitive"):
        return MASK
    if isinstance(value, str):
        return _text(value, name)
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, Mapping):
        return _mapping(value, shape, name)
    if isinstance(value, list | tuple):
        if name.lower() in _MANY:
            return f"<{len(value)} members>"
        member = getattr(shape, "member", None)
        return [masked(item, member, name) for item in value]
    if isinstance(value, bytes | bytearray):
        return f"<{len(value)} bytes>"
    if hasattr(value, "read"):
        return "<stream>"
    return str(value)


def _mapping(value: Mapping[Any, Any], shape: Any, name: str) -> dict[str, Any]:
    members = getattr(shape, "members", None)
    if members is None and name.lower() in _ENVIRONMENTS:
        return {str(key): _of_environment(str(key), item) for key, item in value.items()}
    if members is None:
        of_map = getattr(shape, "value", None)
        return {
            str(key): MASK if _secret(str(key), item) else masked(item, of_map, str(key))
            for key, item in value.items()
        }
    hidden = _HIDDEN.get(shape.name)
    secret = hidden(value) if hidden is not None else ()
    return {
        _small(key): MASK
        if key in secret or _secret(key, item)
        else masked(item, members.get(key), key)
        for key, item in value.items()
    }


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _of_environment(key: str, item: Any) -> Any:
    """A variable's value may be anything; where a nested structure holds them, its names stay."""
    if isinstance(item, Mapping):
        return {str(inner): MASK for inner in item}
    return MASK if isinstance(item, str) else masked(item, None, key)


def _secret(name: str, item: Any) -> bool:
    if not isinstance(item, str | bytes | bytearray):
        return False
    lowered = name.lower().replace("-", "").replace("_", "")
    return lowered in _NAMES or lowered.endswith(_ENDINGS)


def _text(value: str, name: str) -> str:
    longest = _LONGEST_BODY if name.lower() in _BODIES else _LONGEST
    if len(value) > longest:
        value = f"{value[:longest]}... <{len(value)} characters>"
    if "://" in value or "=" in value:
        value = _SIGNED.sub(rf"\1={MASK}", _USER_INFO.sub(rf"\1{MASK}@", value))
    return value


def _secure_string(value: Mapping[str, Any]) -> tuple[str, ...]:
    """What is written as String is for everybody to read who may read parameters."""
    return () if value.get("Type") in ("String", "StringList") else ("Value",)


def _build_variable(value: Mapping[str, Any]) -> tuple[str, ...]:
    """The others hold the name of a parameter or of a secret."""
    return ("value",) if value.get("type", "PLAINTEXT") == "PLAINTEXT" else ()


_HIDDEN: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, ...]]] = {
    "PutParameterRequest": _secure_string,
    "Parameter": _secure_string,
    "EnvironmentVariable": _build_variable,
    "KeyValuePair": _build_variable,
}
