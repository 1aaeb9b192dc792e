"""`python -m ckanext.sdopen.tables.confined`: one piece of work for the parent, then the end."""

import sys

from ckanext.sdopen.sheets.confinement import serve
from ckanext.sdopen.tables.confined.child import work

if __name__ == "__main__":
    sys.exit(serve(work))
