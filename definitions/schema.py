"""The JSON Schema of a definition, for editors: `python -m tests.record schema` writes `schema.json` anew."""

import json

from definitions.loader import FOLDER
from onething.domain.definition.bundle import BundleDefinition

FILE = FOLDER / "schema.json"


def render() -> str:
    schema = BundleDefinition.model_json_schema(by_alias=True)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
