"""The fixes, one a file: each module defines `FIX`."""
