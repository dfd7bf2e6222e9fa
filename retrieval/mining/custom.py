"""Custom tasks as far as the text models can serve them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from retrieval.mining.findings import Columns, Finding, Outcome
from retrieval.mining.miners import Extractor, Window
from retrieval.mining.schemas import TYPE, FindingSchema
from retrieval.mining.text_models import EntityExtractor, PicoExtractor

SPOKEN = {
    "Chemical": "chemical drug compound medication medicine substance agent active_ingredient",
    "Disease": "disease disorder condition diagnosis illness indication syndrome symptom "
    "adverse_event side_effect adverse_effect",
    "population": "population participants patients sample subjects cohort",
    "intervention": "intervention treatment exposure",
    "comparison": "comparison comparator control",
    "outcome": "outcome outcomes endpoint result results",
}
"""What people call the types that the text models find."""

KNOWN = {name: kind for kind, names in SPOKEN.items() for name in names.split()}
ENTITY_TYPES = ("Chemical", "Disease")


def unknown_properties(schema: FindingSchema) -> list[str]:
    """Returns the properties that no text model can fill; none where the schema can be served.

    A text model finds one thing at a time, so a schema that requires several of them cannot be.
    """
    required = schema.item.get("required", ())
    unknown = [
        name
        for name, content in schema.item["properties"].items()
        if _plain(name) not in KNOWN or content.get("type") != "string" or "enum" in content
    ]
    together = list(required) if required and len(schema.item["properties"]) > 1 else []
    return unknown or together


@dataclass(frozen=True)
class CustomExtractor:
    """Fills a schema's properties with what the text models find, one in each finding."""

    schema: FindingSchema

    @property
    def columns(self) -> Columns:
        """The properties."""
        return self.schema.columns

    @property
    def fingerprint(self) -> str:
        """Those of the models, and the schema."""
        return " ".join([*(e.fingerprint for e in self._extractors), repr(self.schema)])

    def extract(self, documents: Window) -> list[Outcome]:
        """Returns what fills a property, in each document."""
        found = [extractor.extract(documents) for extractor in self._extractors]
        return [
            Outcome(list(filter(None, map(self._finding, chain(*(o.findings for o in outcomes))))))
            for outcomes in zip(*found, strict=True)
        ]

    def _finding(self, finding: Finding) -> Finding | None:
        name = self._properties.get(finding.type)
        if name is None:
            return None
        values: Mapping[str, Any] = {} if name == TYPE else {name: finding.text}
        return Finding(finding.field, finding.start, finding.end, finding.text, name, values)

    @cached_property
    def _properties(self) -> dict[str, str]:
        return {KNOWN[_plain(name)]: name for name in self.schema.item["properties"]}

    @property
    def _extractors(self) -> list[Extractor]:
        has_entities = any(kind in ENTITY_TYPES for kind in self._properties)
        has_sentences = any(kind not in ENTITY_TYPES for kind in self._properties)
        entities: list[Extractor] = [EntityExtractor()] if has_entities else []
        return [*entities, *([PicoExtractor()] if has_sentences else [])]


def _plain(name: str) -> str:
    plain = name.strip().casefold().replace(" ", "_").replace("-", "_")
    return plain if plain in KNOWN else plain.removesuffix("s")
