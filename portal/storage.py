"""Static files under names that carry their digest, packed once with gzip."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def create_compressor(self, **options: Any) -> Compressor:
        # WeasyPrint brings brotli along, and WhiteNoise uses it unasked: twenty times the time for every release.
        return Compressor(**options, use_brotli=False)
