"""Addresses by family of pages: every module here lists its own `urlpatterns`."""
