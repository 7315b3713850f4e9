"""Settings of intake: read once from the environment (``PIAOKU_…``), frozen, handed out by ``bootstrap.py``."""

import os

from pydantic import Field

from archive.settings import ArchiveSettings


class Settings(ArchiveSettings):
    """All settings of the service. Each has an environment variable ``PIAOKU_<NAME>``."""

    host: str = Field("127.0.0.1", description="address the web page is served on")
    port: int = Field(8000, description="port the web page is served on")
    workers: int = Field(default_factory=lambda: min(4, os.cpu_count() or 1), description="reading processes", ge=1)
    max_file_mb: int = Field(200, description="largest file that is accepted, in MB", ge=1)
    reader_memory_mb: int = Field(6144, description="address space of one reading process, in MB", ge=1024)
    reader_seconds: int = Field(600, description="longest time one document may be read, in seconds", ge=10)
    plain_http: bool = Field(False, description="let people log in over plain http from other machines")
    demo: bool = Field(False, description="says on every page that this is a demonstration")
