"""CKAN's hook of where files are kept, for the plugin."""

from typing import Any

from ckanext.sdopen.entries.files.stored import StoredUpload


class FileHooks:
    """What of IUploader concerns files of entries; pictures are kept by CKAN."""

    def get_resource_uploader(self, data_dict: dict[str, Any]) -> StoredUpload:
        """What keeps the file of a resource."""
        return StoredUpload(data_dict)
