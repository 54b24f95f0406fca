"""Does the interface keep to its own description, whatever it is asked? (schemathesis)"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
import site_of_tests
from hypothesis import HealthCheck, settings

site_of_tests.start()

from terril.web.wsgi import application  # noqa: E402

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.mark.usefixtures("database")
@schema.parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_interface_keeps_to_its_description(case: schemathesis.Case[Any]) -> None:
    answer = case.call(headers={"Accept-Encoding": "identity"})
    case.validate_response(answer)
    assert answer.status_code in (200, 404, 405, 422)
