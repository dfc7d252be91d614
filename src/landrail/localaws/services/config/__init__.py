"""Config: rules evaluated on change, and what they found."""

from landrail.localaws.services.config.service import Config

build = Config

__all__ = ["Config", "build"]
