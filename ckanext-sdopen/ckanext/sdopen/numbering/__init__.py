"""信息资源代码: numbers, prefixes, the classification, aliases."""
