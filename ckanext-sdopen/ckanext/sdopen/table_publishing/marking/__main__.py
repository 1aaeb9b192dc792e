"""`python -m ckanext.sdopen.table_publishing.marking`: mark one workbook, then end."""

import sys

from ckanext.sdopen.sheets.confinement import serve
from ckanext.sdopen.table_publishing.marking.mark_book import work

if __name__ == "__main__":
    sys.exit(serve(work))
