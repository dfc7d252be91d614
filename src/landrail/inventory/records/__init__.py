"""Config's records, one type a file: each module defines `RECORD`."""
