"""The JSON Schema of a definition, for editors: `python -m tests.record schema` writes `schema.json` anew."""

import json

from definitions.loader import FOLDER
from onething.domain.definition.bundle import BundleDefinition

FILE = FOLDER / "schema.json"
_WIRING = {
    "description": "A shared item of `definitions/items`, and how this bundle has it.",
    "type": "object",
    "properties": {
        "use": {"type": "string", "pattern": "^[a-z0-9-]+@[1-9][0-9]*$"},
        "when": {"type": "string"},
        "after": {"type": "array", "items": {"type": "string"}},
        "promised": {},
        "with": {"type": "object"},
    },
    "required": ["use"],
    "additionalProperties": False,
}


def render() -> str:
    schema = BundleDefinition.model_json_schema(by_alias=True)
    items = schema["properties"]["items"]
    items["items"] = {"anyOf": [items["items"], _WIRING]}
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
