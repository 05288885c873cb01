"""Rules of reporting, pure: values in, problems out, no clock, no database."""
