"""The kinds of text that the file holds: names, people, account ids, dates and the like.

Each is a type that says in the user's words what is wrong and how to mend it. A text read from a
file is a `Text`: it remembers what YAML would have made of it, so that `no` is not taken for a
word and `012345670123` keeps its zero. Nothing here knows the sections of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network, ip_network
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from landrail.diagnostics import nearest
from landrail.spec.gate import GateError, parse_gate

NAME = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
PERSON = r"[A-Za-z0-9][A-Za-z0-9+=,.@_-]*"
REGIONS = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
]
_LONGEST_NAME = 64
_EMAIL = 64
_SHORTEST_ACCOUNT = 16


class Text(str):
    """A scalar of the file: its source text, and the YAML tag of what a plain reader would have
    made of it (`bool`, `int`, `float`, `null`, `timestamp` or `str`)."""

    tag: str

    def __new__(cls, value: str, tag: str = "str") -> Text:
        """Make a text with its tag."""
        text = super().__new__(cls, value)
        text.tag = tag
        return text


def mistake(
    summary: str, remedy: str | None = None, index: int | None = None
) -> PydanticCustomError:
    """Return the error of a validator: what is wrong in the user's words and what to do; `index`
    is the entry of a list that it is about."""
    context = {"summary": summary, "remedy": remedy, "index": index}
    return PydanticCustomError("landrail", "{summary}", context)


@dataclass(frozen=True, slots=True)
class Said:
    """One of several mistakes of a value: `path` leads from the value to its place, to a key there
    and not to what the key holds where `key` is set."""

    summary: str
    remedy: str | None
    path: tuple[str | int, ...] = ()
    key: bool = False


def mistakes(said: Sequence[Said]) -> PydanticCustomError:
    """Return the error of a validator that found several mistakes."""
    summaries = "; ".join(one.summary for one in said).replace("{", "(").replace("}", ")")
    return PydanticCustomError("landrail-several", summaries, {"said": tuple(said)})


def _plain_text(value: Any) -> Any:
    """Refuse a scalar that YAML reads as a boolean or as nothing."""
    if value is None or (isinstance(value, Text) and value.tag == "null"):
        raise mistake("a value is missing here", "write one, or leave the key out")
    if isinstance(value, Text) and value.tag == "bool":
        raise mistake(*boolean(value))
    return value


def boolean(value: str) -> tuple[str, str]:
    """Return what is wrong with a word that YAML takes for a boolean, and what to do."""
    return f"YAML reads `{value}` as true or false, not as text", f'write it in quotes: "{value}"'


def _matching(pattern: str, what: str, longest: int = _LONGEST_NAME) -> Callable[[str], str]:
    expression = re.compile(pattern)

    def check(value: str) -> str:
        if len(value) > longest:
            raise mistake(f"`{value}` is too long: {len(value)} of {longest} characters")
        if not expression.fullmatch(value):
            raise mistake(f"`{value}` is not {what}")
        return str(value)

    return check


def _schema(pattern: str, longest: int = _LONGEST_NAME) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", "maxLength": longest})


def _person(value: str) -> str:
    if value.startswith("group:"):
        raise mistake(
            f"`{value}`: groups of the identity provider are not built yet",
            "name the people one by one",
        )
    if len(value) < 2:
        raise mistake(
            f"`{value}` is too short for a person: session names have at least 2 characters"
        )
    what = "a person's name: letters, digits and + = , . @ _ - (the subject of their token)"
    return _matching(PERSON, what)(value)


def _account_id(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    digits = value.replace("-", "") if re.fullmatch(r"\d{4}-\d{4}-\d{4}", value) else value
    if not re.fullmatch(r"[0-9]+", digits):
        raise mistake(f"`{value}` is not an account id", "an account id has 12 digits")
    if digits != value:
        raise mistake(f"account id `{value}` has dashes", f'write the digits alone: "{digits}"')
    if len(digits) < 12 and isinstance(value, Text) and value.tag == "int" and len(digits) >= 9:
        zeros = "a leading zero was" if len(digits) == 11 else "leading zeros were"
        raise mistake(
            f"account id {value} has {len(digits)} digits; {zeros} lost",
            f'write it in quotes: "{digits.zfill(12)}"',
        )
    if len(digits) != 12:
        raise mistake(f"account id {value} has {len(digits)} digits", "an account id has 12 digits")
    return str(value)


def _region(value: str) -> str:
    if value in REGIONS:
        return str(value)
    near = nearest(value, REGIONS)
    raise mistake(
        f"`{value}` is not a region of AWS",
        f"did you mean `{near}`?" if near else "regions look like eu-west-1",
    )


def _one_region(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    second = "a second region is not built yet" if len(value) > 1 else "`region` is one word"
    raise mistake(second, "write one, like `region: eu-west-1`")


def _gate(value: str) -> str:
    try:
        parse_gate(value)
    except GateError as error:
        raise mistake(f"gate: {error}", "like `auc >= baseline + 0.01`") from error
    return str(value)


def _email(value: str) -> str:
    if value.count("{account}") != 1:
        raise mistake(
            f"`{value}` must hold `{{account}}` once: every account needs an address of its own",
            "like aws+{account}@example.com",
        )
    local, _, domain = value.partition("@")
    sample = local.replace("{account}", "a")
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+", sample) or not re.fullmatch(
        r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", domain
    ):
        raise mistake(f"`{value}` is not an e-mail address", "like aws+{account}@example.com")
    if len(value) - len("{account}") > _EMAIL - _SHORTEST_ACCOUNT:
        raise mistake(
            f"`{value}` leaves too little room for the account's name",
            f"AWS allows {_EMAIL} characters; keep {_SHORTEST_ACCOUNT} of them for it",
        )
    return str(value)


def _issuer(value: str) -> str:
    if not re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*", value):
        raise mistake(
            f"`{value}` is not an issuer", "it is a https:// URL without query or slash at the end"
        )
    return str(value)


def _cidr(value: str) -> str:
    try:
        network = ip_network(value)
    except ValueError as error:
        raise mistake(f"`{value}` is not a block of addresses", "like 10.0.0.0/16") from error
    if not isinstance(network, IPv4Network) or not network.is_private:
        raise mistake(f"`{value}` is not a private IPv4 block", "like 10.0.0.0/16")
    if not 16 <= network.prefixlen <= 24:
        raise mistake(f"`{value}`: a VPC's block is between /16 and /24", "like 10.0.0.0/16")
    return str(value)


def _date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise mistake(f"`{value}` is not a date", "write year-month-day, like 2027-06-30")


PLAIN = BeforeValidator(_plain_text)
_NAME_IS = "a name: lower-case letters, digits and single dashes, a letter first"
_ORGANIZATION = r"o-[a-z0-9]{10,32}"
_ORGANIZATION_IS = "an organization id: o- and 10 to 32 lower-case letters and digits"
_REPOSITORY = r"[a-z0-9]+([._-][a-z0-9]+)*"
_REPOSITORY_IS = "a repository name: lower-case letters and digits, joined by . _ or -"
_AUDIENCE = r"[A-Za-z0-9._:/-]+"

Name = Annotated[str, PLAIN, AfterValidator(_matching(NAME, _NAME_IS)), _schema(NAME)]
Person = Annotated[str, PLAIN, AfterValidator(_person), _schema(PERSON)]
AccountId = Annotated[str, BeforeValidator(_account_id), PLAIN, _schema("[0-9]{12}", 12)]
Region = Annotated[
    str,
    PLAIN,
    BeforeValidator(_one_region),
    AfterValidator(_region),
    WithJsonSchema({"enum": REGIONS}),
]
EmailPattern = Annotated[str, PLAIN, AfterValidator(_email), _schema(r".+\{account\}.*@.+")]
Issuer = Annotated[str, PLAIN, AfterValidator(_issuer), _schema("https://.+", 255)]
Audience = Annotated[
    str, PLAIN, AfterValidator(_matching(_AUDIENCE, "an audience", 255)), _schema(_AUDIENCE, 255)
]
Cidr = Annotated[str, PLAIN, AfterValidator(_cidr), _schema(r"[0-9.]+/[0-9]+", 18)]
Gate = Annotated[str, PLAIN, AfterValidator(_gate), WithJsonSchema({"type": "string"})]
Repository = Annotated[
    str,
    PLAIN,
    AfterValidator(_matching(_REPOSITORY, _REPOSITORY_IS, 100)),
    _schema(_REPOSITORY, 100),
]
OrganizationId = Annotated[
    str, PLAIN, AfterValidator(_matching(_ORGANIZATION, _ORGANIZATION_IS)), _schema(_ORGANIZATION)
]


def _count(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return value
    if not re.fullmatch(r"[1-9][0-9]{0,6}", str(value)):
        raise mistake(f"`{value}` is not a number", "write a whole number above zero, like 5")
    return int(value)


def _words(value: str) -> str:
    if not value.strip():
        raise mistake("a text is missing here", "write one")
    return str(value)


Count = Annotated[int, BeforeValidator(_count), PLAIN, Field(gt=0)]
Words = Annotated[str, PLAIN, AfterValidator(_words), WithJsonSchema({"type": "string"})]
Expiry = Annotated[date, BeforeValidator(_date), PLAIN]
