"""
Reads of projects, to values. A fixed number of queries whatever the number of rows.

`load` gives dossiers for rules, `lists` the rows of lists and boards, `page` one project's whole story.
"""
