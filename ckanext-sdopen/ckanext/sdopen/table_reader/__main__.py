"""`python -m ckanext.sdopen.table_reader`: the reader's keeper; with descriptors, one of it."""

import sys

from ckanext.sdopen.table_reader.settings import Settings, Unusable


def main(arguments: list[str]) -> int:
    """Run the keeper, or one process with the descriptors that the keeper gave it."""
    try:
        settings = Settings.of()
    except Unusable as error:
        print(error, file=sys.stderr)
        return 64
    # only the one that answers needs DuckDB
    if arguments:
        from ckanext.sdopen.table_reader.working import work

        work(*map(int, arguments))
    else:
        from ckanext.sdopen.table_reader.keeping import Keeper, listen

        Keeper(settings, listen(settings.port)).keep()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
