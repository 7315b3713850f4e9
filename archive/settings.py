"""The archive's settings, read once from environment variables ``PIAOKU_…``."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ArchiveSettings(BaseSettings):
    """What the archive itself needs. Each setting has an environment variable ``PIAOKU_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="PIAOKU_", frozen=True)

    data: Path = Field(default=Path("data"), description="folder that holds everything: catalog, vault and inbox")
    store: Literal["filesystem", "s3"] = Field(default="filesystem", description="what keeps the vault")
    store_endpoint: str = Field(default="", description="address of the S3 server, https://host[:port]")
    store_region: str = Field(default="us-east-1", description="its region")
    store_key: SecretStr | None = Field(default=None, description="access key; not the key of the bucket's owner")
    store_key_file: Path | None = Field(default=None, description="file with that key")
    store_secret: SecretStr | None = Field(default=None, description="the secret of that key")
    store_secret_file: Path | None = Field(default=None, description="file with that secret")
    store_plain_http: bool = Field(default=False, description="take http:// for a server on another machine")
    vault_bucket: str = Field(default="", description="bucket of the vault, with Object Lock")
    inbox_bucket: str = Field(default="", description="bucket of the inbox, without versions; else a folder")
    mirror: Literal["none", "filesystem", "s3"] = Field(default="none", description="second copy of the vault")
    mirror_folder: Path | None = Field(default=None, description="its folder, which must exist, on another disk")
    mirror_endpoint: str = Field(default="", description="as for the store, of the second S3 server")
    mirror_region: str = Field(default="us-east-1", description="as for the store")
    mirror_key: SecretStr | None = Field(default=None, description="as for the store")
    mirror_key_file: Path | None = Field(default=None, description="as for the store")
    mirror_secret: SecretStr | None = Field(default=None, description="as for the store")
    mirror_secret_file: Path | None = Field(default=None, description="as for the store")
    mirror_plain_http: bool = Field(default=False, description="as for the store")
    mirror_bucket: str = Field(default="", description="bucket of the second copy, with Object Lock")
    audit_key: SecretStr | None = Field(
        default=None, description="the key that signs the audit log's heads, as one line"
    )
    audit_key_file: Path | None = Field(
        default=None, description="file with that key; else <data>/audit.key, made if missing"
    )
    audit_earlier_keys: str = Field(
        default="", description="verifier keys that signed this log before, separated by spaces"
    )
    audit_tsa_url: str | None = Field(
        default=None, description="RFC 3161 time-stamp authority that confirms the log's heads"
    )
    audit_tsa_roots: Path | None = Field(default=None, description="PEM file with that authority's root certificates")
