"""Computes indicators on the snapshot: Ibis expressions add up exactly in columns, Python rolls up and finishes with fractions."""
