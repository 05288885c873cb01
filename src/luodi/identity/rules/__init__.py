"""Rules of identity: pure functions over frozen values. They never query and never read the clock."""
