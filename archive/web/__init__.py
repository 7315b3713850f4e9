"""The archive's pages: shell, search, record; shared frame for the pages of other packages."""
