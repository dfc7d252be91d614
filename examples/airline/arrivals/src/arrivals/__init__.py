"""How many minutes after its schedule will this flight arrive?"""
