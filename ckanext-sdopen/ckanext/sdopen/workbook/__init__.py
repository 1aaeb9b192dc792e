"""The workbook (目录表) that departments fill in: the form, reading, checking, handing back."""

# knows no CKAN: the harvest scripts read workbooks with it
PURE = True
