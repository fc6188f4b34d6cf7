"""How schemathesis writes rows as a CSV file, and that each of its requests is another one."""

import csv
import io
import json
import re
import uuid

import schemathesis
from schemathesis.core.parameters import ParameterLocation

KEY = "Idempotency-Key"


@schemathesis.hook
def before_call(_context, case, _kwargs):
    # Other rows under a key that was used are refused, and should be: tests/it/programs.rs.
    components = case.meta.components if case.meta else {}
    about_headers = components.get(ParameterLocation.HEADER)
    if about_headers and about_headers.mode.is_negative:
        return
    for name, value in dict(case.headers or {}).items():
        if name.lower() == KEY.lower() and re.fullmatch("[!-~]{1,200}", str(value)):
            case.headers[name] = uuid.uuid4().hex


@schemathesis.serializer("text/csv")
def as_csv(_context, value):
    if not is_table(value):
        # What no file can say is sent as it is, to be refused.
        return json.dumps(value).encode()
    columns = [name for name in value[0] if all(name in row for row in value)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in value:
        writer.writerow(["" if row[name] is None else row[name] for name in columns])
    # With the mark of UTF-8 there is nothing to guess.
    return text.getvalue().encode("utf-8-sig", errors="surrogatepass")


def is_table(value):
    if not isinstance(value, list) or not value:
        return False
    rows = all(isinstance(row, dict) for row in value)
    return rows and all(
        cell is None or isinstance(cell, str) for row in value for cell in row.values()
    )
