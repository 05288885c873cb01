"""Rules of projects: pure functions over frozen values. They never query, never read the clock, and yield problems."""
