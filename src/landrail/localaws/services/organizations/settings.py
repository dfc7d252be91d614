"""The settings that documents of some types may have, and their values.

Source: Organizations User Guide, "Amazon S3 policies", "Declarative policy syntax and examples",
"AI services opt-out policy syntax and examples", "Tag policy syntax".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ONE_OF = frozenset({"*"})
"""Stands for any value."""
ANY = "*"


@dataclass(frozen=True, slots=True)
class Shape:
    """A setting: its `values` where it has one, else the settings `inner` below it, in which `*`
    stands for any name, and which of them are `required`. A `free` one may hold anything."""

    values: frozenset[str] | None = None
    inner: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    free: bool = False

    def knows(self, name: str) -> bool:
        """Return whether a setting of this name may stand below."""
        return self.free or name.lower() in self.inner or ANY in self.inner

    def below(self, name: str) -> Shape | None:
        """Return the setting below, None where anything goes."""
        return None if self.free else self.inner.get(name.lower(), self.inner.get(ANY))


def _of(*values: str) -> Shape:
    return Shape(frozenset(values))


def _with(required: tuple[str, ...] = (), /, **inner: Shape) -> Shape:
    return Shape(inner=inner, required=required)


_ANY = Shape(ONE_OF)
_SWITCH = _of("enabled", "disabled")
_HOPS = _of("-1", *(str(number) for number in range(1, 65)))
_EC2 = _with(
    exception_message=_ANY,
    image_block_public_access=_with(("state",), state=_of("unblocked", "block_new_sharing")),
    snapshot_block_public_access=_with(
        ("state",), state=_of("unblocked", "block_new_sharing", "block_all_sharing")
    ),
    serial_console_access=_with(("status",), status=_SWITCH),
    instance_metadata_defaults=_with(
        ("http_tokens", "http_put_response_hop_limit", "http_endpoint", "instance_metadata_tags"),
        http_tokens=_of("no_preference", "required", "optional"),
        http_put_response_hop_limit=_HOPS,
        http_endpoint=_of("no_preference", "enabled", "disabled"),
        instance_metadata_tags=_of("no_preference", "enabled", "disabled"),
        http_tokens_enforced=_of("no_preference", "enabled", "disabled"),
    ),
    vpc_block_public_access=_with(
        internet_gateway_block=_with(
            ("mode",),
            mode=_of("off", "block_ingress", "block_bidirectional"),
            exclusions_allowed=_SWITCH,
        )
    ),
    allowed_images_settings=Shape(free=True),
)
_SHAPES: Mapping[str, Shape] = {
    "S3_POLICY": _with(
        ("public_access_block_configuration",),
        public_access_block_configuration=_of("all", "none"),
    ),
    "DECLARATIVE_POLICY_EC2": _EC2,
    "AISERVICES_OPT_OUT_POLICY": Shape(
        inner={ANY: _with(opt_out_policy=_of("optIn", "optOut"))},
    ),
    "TAG_POLICY": Shape(
        inner={
            ANY: _with(
                tag_key=_ANY, tag_value=_ANY, enforced_for=_ANY, report_required_tag_for=_ANY
            )
        }
    ),
}


def shape_of(kind: str) -> Shape | None:
    """Return what a document of a type holds below its key; None where anything goes."""
    return _SHAPES.get(kind)
