"""Typed readers of the project's settings; each is declared in config_declaration.yaml."""
