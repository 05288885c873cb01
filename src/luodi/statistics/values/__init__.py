"""Values of reporting: windows, who owes what, where a form stands."""
