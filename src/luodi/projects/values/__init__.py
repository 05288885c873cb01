"""Values of projects: rows as read (`rows`), what people hand in (`drafts`), what pages get (`views`)."""
