"""The tables, one a file: each module defines `TABLE`."""
