"""Who calls: signatures, tokens and sessions, and the roles that are AWS's own."""
