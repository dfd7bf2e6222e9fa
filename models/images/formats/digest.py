"""What an image is known by, whatever its name: the hash of its bytes."""

import hashlib
from pathlib import Path

from models.store.files import sha256_file


def image_sha256(path: Path) -> str:
    """Returns the SHA-256 of an image's file; of a series, that of its files' hashes in order."""
    if not path.is_dir():
        return sha256_file(path)
    digests = [sha256_file(file) for file in sorted(path.iterdir()) if file.is_file()]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()
