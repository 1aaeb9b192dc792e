"""`python -m ckanext.sdopen.harvest`."""

from ckanext.sdopen.harvest.cli import harvest

harvest(prog_name="harvest")
