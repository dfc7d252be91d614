"""The policies in force for a call, collected from where they are kept; nothing is decided here."""
