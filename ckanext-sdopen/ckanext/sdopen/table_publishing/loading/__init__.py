"""Loading: from the file of a resource to the version that its readers read, in a worker."""
