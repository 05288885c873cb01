"""
Papers 公文: notices, briefs, monthly tables and wall charts of a period, written from the ledger's figures.

A paper is a context (pure, tested) and then a rendering. `queries` loads, `rules` decide and word, `context` puts together,
`render` writes Word, Excel and slides. No number is computed here: the indicators give exact values, rounded here at the door.
"""
