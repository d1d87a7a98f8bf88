"""A validator for as much of JSON Schema 2020-12 as docs/schemas uses. A keyword that it doesn't know is an error: a
schema can't say more than is checked."""

import re

ANNOTATIONS = {"$schema", "$id", "$defs", "title", "description"}
TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


class Invalid(Exception):
    """The document is not what the schema describes."""


class Validator:
    """Remembers which properties and enum values it met, so that a test can ask for those that never occur."""

    def __init__(self, schema: dict):
        self.root = schema
        self.properties_seen: set[str] = set()
        self.enum_values_seen: set[tuple[str, str]] = set()

    def validate(self, document):
        self.check(document, self.root, "")

    def check(self, value, schema: dict, place: str):
        for keyword, argument in schema.items():
            if keyword not in ANNOTATIONS:
                method = getattr(self, "check_" + keyword.replace("$", ""), None)
                if method is None:
                    raise NotImplementedError(f"this validator does not know the keyword {keyword}")
                method(value, argument, schema, place)

    def check_ref(self, value, reference, _, place):
        prefix = "#/$defs/"
        assert reference.startswith(prefix), reference
        self.check(value, self.root["$defs"][reference.removeprefix(prefix)], place)

    def check_type(self, value, name, _, place):
        if not TYPES[name](value):
            raise Invalid(f"{place or 'the document'} is no {name}: {value!r}")

    def check_properties(self, value, properties, _, place):
        for name, schema in properties.items():
            if name in value:
                self.properties_seen.add(f"{place}.{name}")
                self.check(value[name], schema, f"{place}.{name}")

    def check_required(self, value, names, _, place):
        for name in names:
            if name not in value:
                raise Invalid(f"{place}.{name} is missing")

    def check_additionalProperties(self, value, allowed, schema, place):
        assert allowed is False
        for name in value:
            if name not in schema["properties"]:
                raise Invalid(f"{place}.{name} is not in the schema")

    def check_items(self, value, schema, _, place):
        for item in value:
            self.check(item, schema, f"{place}[]")

    def check_minItems(self, value, least, _, place):
        if len(value) < least:
            raise Invalid(f"{place} has {len(value)} items, fewer than {least}")

    def check_maxItems(self, value, most, _, place):
        if len(value) > most:
            raise Invalid(f"{place} has {len(value)} items, more than {most}")

    def check_minimum(self, value, least, _, place):
        if value < least:
            raise Invalid(f"{place} is {value}, less than {least}")

    def check_enum(self, value, values, _, place):
        if value not in values:
            raise Invalid(f"{place} is {value!r}, none of {values}")
        self.enum_values_seen.add((place, value))

    def check_const(self, value, only, _, place):
        if value != only:
            raise Invalid(f"{place} is {value!r}, not {only!r}")

    def check_pattern(self, value, pattern, _, place):
        if not re.search(pattern, value):
            raise Invalid(f"{place} is {value!r}, which does not match {pattern}")

    # --- what the schema describes ---

    def all_properties(self, schema: dict | None = None, place: str = "") -> set[str]:
        schema = self.resolved(self.root if schema is None else schema)
        found = set()
        for name, inner in schema.get("properties", {}).items():
            found |= {f"{place}.{name}"} | self.all_properties(inner, f"{place}.{name}")
        if "items" in schema:
            found |= self.all_properties(schema["items"], f"{place}[]")
        return found

    def all_enum_values(self, schema: dict | None = None, place: str = "") -> set[tuple[str, str]]:
        schema = self.resolved(self.root if schema is None else schema)
        found = {(place, value) for value in schema.get("enum", [])}
        for name, inner in schema.get("properties", {}).items():
            found |= self.all_enum_values(inner, f"{place}.{name}")
        if "items" in schema:
            found |= self.all_enum_values(schema["items"], f"{place}[]")
        return found

    def resolved(self, schema: dict) -> dict:
        return self.root["$defs"][schema["$ref"].removeprefix("#/$defs/")] if "$ref" in schema else schema
