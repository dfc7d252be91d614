"""One file for each command: its arguments, the operation it calls, the view of the result."""
