"""Questions to a published table: parsed against its known columns, and their SQL.

A question is a JSON object. Its SQL is made of the names of known columns and of bound values;
nothing else that the asker writes stands in it.
"""

PURE = True
