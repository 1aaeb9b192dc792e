"""Where the files of versions stand: a folder, or any S3-compatible storage by its URL."""

PURE = True
