"""How executions move: documents, the facts that change them, and what follows from where they are.

Nothing here does I/O, knows a thread or a role. A document changes by facts alone, each written
down with it, so that the same facts give the same document; what an execution does next follows
from its document, so that a server that was killed goes on by asking again.
"""
