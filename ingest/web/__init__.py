"""Pages of intake: upload, documents; and the app that mounts all pages."""
