"""Snapshot: one immutable value that holds everything anybody may want to see of one window."""

from typing import Any

from pydantic import ValidationError

from metrics_core.digest import digests
from metrics_core.document import SnapshotBody
from metrics_core.errors import InvalidSnapshot
from metrics_core.evidence import Digest, Freshness, Viewer
from metrics_core.record import definite_json


class Snapshot(SnapshotBody):
    """The snapshot document: its body and the digests that seal it. See `metrics_core.document`."""

    digest: Digest

    @classmethod
    def sealed(cls, body: SnapshotBody) -> "Snapshot":
        """The body with its digests."""
        content, document = digests(as_json_value(body))
        digest = Digest(content=content, document=document)
        fields = {name: getattr(body, name) for name in SnapshotBody.model_fields}
        return cls.model_construct(**fields, digest=digest)

    def marked(self, freshness: Freshness, *, request_id: str) -> "Snapshot":
        """The same figures, sealed anew with what is known of their age."""
        provenance = self.provenance.model_copy(update={"freshness": freshness})
        return self._resealed(provenance=provenance, request_id=request_id)

    def answering(self, request_id: str) -> "Snapshot":
        """The same figures, sealed anew as the answer to a request of that id."""
        return self._resealed(request_id=request_id)

    def taken_by(self, viewer: Viewer) -> "Snapshot":
        """The same figures and requestId, sealed anew with who took them."""
        provenance = self.provenance.model_copy(update={"taken_by": viewer})
        return self._resealed(provenance=provenance)

    def _resealed(self, **changes: object) -> "Snapshot":
        fields = {name: getattr(self, name) for name in SnapshotBody.model_fields}
        return Snapshot.sealed(SnapshotBody.model_construct(**fields | changes))

    def to_json(self) -> str:
        """The one definite JSON text: member order of the models, two-space indent, UTF-8."""
        return definite_json(as_json_value(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Snapshot":
        """The snapshot that `to_json` wrote. InvalidSnapshot where the text is none.

        The shape is checked, not the digests: that is `verify`'s work.
        """
        try:
            return cls.model_validate_json(text, strict=True, by_alias=True, by_name=False)
        except ValidationError as error:
            raise InvalidSnapshot(_first_fault(error)) from None


def as_json_value(body: SnapshotBody) -> dict[str, Any]:
    """The document as plain dicts, lists, strings and numbers, with JSON's member names."""
    return body.model_dump(mode="json", by_alias=True)


def snapshot_json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the snapshot document, made from the models."""
    schema = Snapshot.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(step) for step in fault["loc"]) or "the document"
    return f"not a Stillframe snapshot: {place}: {fault['msg'].removeprefix('Value error, ')}"
