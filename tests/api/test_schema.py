"""The API against its own document: whatever is sent, the answer is one that the document tells."""

import os
from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from audits.api.operations import OPERATIONS
from tenants.tokens import calls
from tests.api.program import program
from tests.cast import Cast

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
)
EXAMPLES = int(os.environ.get("WAARBORG_TEST_API_EXAMPLES", "5"))


@pytest.mark.once
def test_every_operation_answers_as_the_document_says(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "AT_ONCE", 1_000_000)
    caller = program(app, cast.supplier, cast.supplier_owner)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == len(OPERATIONS)
    for operation in operations:
        for mode in schemathesis.GenerationMode:
            strategy = operation.as_strategy(generation_mode=mode)

            @hypothesis.settings(
                max_examples=EXAMPLES,
                derandomize=True,
                database=None,
                suppress_health_check=list(hypothesis.HealthCheck),
            )
            @hypothesis.given(case=strategy)
            def asked(case: schemathesis.Case[Any]) -> None:
                case.call_and_validate(headers={"Authorization": f"Bearer {caller.secret}"}, checks=list(CHECKS))

            asked()
