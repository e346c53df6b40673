"""Holds values against a JSON Schema by jsonschema, which is not ours: {"schema", "values"} on standard input.

Prints a list: of each value what is wrong with it, or null.
"""
import json
import sys

from jsonschema import Draft202012Validator

given = json.load(sys.stdin)
Draft202012Validator.check_schema(given["schema"])
validator = Draft202012Validator(given["schema"])


def fault(value):
    error = next(validator.iter_errors(value), None)
    return error and f"{error.json_path}: {error.message[:200]} ({'/'.join(map(str, error.schema_path))})"


json.dump([fault(value) for value in given["values"]], sys.stdout)
