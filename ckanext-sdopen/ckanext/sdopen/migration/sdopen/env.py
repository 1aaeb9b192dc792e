"""Alembic's environment: our tables only, with a version table of our own."""

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool

NAME = "sdopen"


def include_object(_object, name, type_, _reflected, _compare_to):
    return name.startswith(NAME) if type_ == "table" else True


def run() -> None:
    section = context.config.get_section(context.config.config_ini_section)
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=f"{NAME}_alembic_version",
            include_object=include_object,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
