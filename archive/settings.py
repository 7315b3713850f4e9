"""The archive's settings, read once from environment variables ``PIAOKU_…``."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ArchiveSettings(BaseSettings):
    """What the archive itself needs. Each setting has an environment variable ``PIAOKU_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="PIAOKU_", frozen=True)

    data: Path = Field(default=Path("data"), description="folder that holds everything: catalog, vault and inbox")
