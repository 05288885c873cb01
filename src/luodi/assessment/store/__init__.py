"""A scheme applied to the store: which figures of the ledger its inputs are, and which projects its rows."""
