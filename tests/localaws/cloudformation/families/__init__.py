"""Resources of every supported type, by what they are for; each takes a name of its own."""

from .delivery import code, images, studio
from .foundation import identity, network, storage
from .services import catalog, governance, messages
from .watching import watching

FAMILIES = (
    storage,
    identity,
    network,
    messages,
    catalog,
    governance,
    images,
    code,
    studio,
    watching,
)
