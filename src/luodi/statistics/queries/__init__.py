"""Reads of reporting: values out, a fixed number of queries each."""
