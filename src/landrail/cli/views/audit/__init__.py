"""An audit as people and programs want it: a table, a page, and the formats of other tools."""
