"""The author's house's only AWS client: who acts where, what is there, and changing it.

One file for each kind of thing; `observe` reads all of them, `perform` makes one change of a plan.
"""
