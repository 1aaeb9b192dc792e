"""The rows and files of the sample's catalogs."""
