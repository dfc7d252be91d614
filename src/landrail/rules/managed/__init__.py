"""The rules, one service a file: each module defines `RULES`, a tuple."""
