"""The description of the API: whole, true, the same each time, and readable."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from schemathesis.openapi.checks import JsonSchemaError
from support.console_browser import Console
from support.event_stream import read_events
from support.papers import papers, with_papers
from support.publisher_processes import NOW
from support.publishing import publish
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from app.domain.program import Program
from app.server.event_format import announcement_events, beginning, revision_event, time_event
from app.web.running_service import Service, service_of

Json = dict[str, Any]

# What the description covers, by the beginning or the end of a rule; the rest is for people and their browsers.
DESCRIBED = re.compile(r"^/(api/|export/|live|healthz|readyz|metrics|qr\.|card|cards/)|\.ics$|\.atom$|/qr\.")
OBJECTS = {"/api/program": "Program", "/api/now": "Now", "/api/changes": "Changes"}


@pytest.fixture
def document(client: FlaskClient) -> Json:
    found: Json = client.get("/api/openapi.json").get_json()
    return found


def shape(path: str) -> str:
    """An address without the names of its parameters."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "*", path)


def strict(schema: Any) -> Any:
    """A schema that allows no field but those that it names."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {"additionalProperties": False} if "properties" in schema else {}
    return {**{key: strict(value) for key, value in schema.items()}, **closed}


def validator(document: Json, name: str) -> Draft202012Validator:
    whole = {"$ref": f"#/components/schemas/{name}", "components": strict(document["components"])}
    return Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())


def as_response(stream: bytes) -> TestResponse:
    """A stream of events as an HTTP response."""
    return Client(Response(stream, content_type="text/event-stream; charset=utf-8")).get("/live")


@pytest.mark.slow
def test_it_is_openapi_3_2(document: Json) -> None:
    schemathesis.openapi.from_dict(document).validate()
    assert document["openapi"] == "3.2.0"


def test_every_event_of_a_stream_is_as_described(app: Flask, document: Json) -> None:
    Console(app).edit("announce", text="Posters in Hall B", minutes="30")
    service = service_of(app)
    revision = service.current.snapshot.revision
    time = time_event(revision.program, NOW, revision.number, 1, service.names(revision.program))
    news = announcement_events(revision) + revision_event(revision.number, 0.5)
    sent = beginning(1, 0, news, time)
    assert [event.name for event in read_events(sent)] == ["announcement", "revision", "time"]
    live = schemathesis.openapi.from_dict(document)["/live"]["GET"]
    live.validate_response(as_response(sent))
    for wrong in (sent.replace(b"event: time", b"event: clock"), time.replace(b'"speed":1', b'"speed":"fast"')):
        with pytest.raises(JsonSchemaError):
            live.validate_response(as_response(wrong))


def test_an_address_of_things_that_the_program_has_not_is_not_described(
    service: Service, client: FlaskClient, program: Program
) -> None:
    def of_papers() -> list[str]:
        return [path for path in client.get("/api/openapi.json").get_json()["paths"] if path.startswith("/papers/")]

    bare = replace(program, sessions=tuple(replace(one, items=()) for one in program.sessions))
    publish(service, bare)
    assert of_papers() == []
    publish(service, with_papers(bare, papers(1), "posters"))
    assert of_papers() == ["/papers/{item}/qr.{picture}"]


def test_every_address_for_programs_is_described_and_nothing_else(
    app: Flask, service: Service, program: Program
) -> None:
    publish(service, with_papers(program, papers(1), "posters"))
    app.config["AGENDA_METRICS"] = True
    document = app.test_client().get("/api/openapi.json").get_json()
    # A reader's own calendar has an address that nobody else knows.
    public = [rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/my/")]
    rules = {shape(rule) for rule in public if DESCRIBED.search(rule)}
    assert {shape(path) for path in document["paths"]} == rules


def test_those_answers_alone_are_said_to_have_an_etag_that_have_one(client: FlaskClient, document: Json) -> None:
    described = {path: item["get"] for path, item in document["paths"].items() if "{" not in path and path != "/live"}
    assert len(described) > 7
    for path, operation in described.items():
        has_etag = "ETag" in client.get(path).headers
        parameters = [one["$ref"].rpartition("/")[2] for one in operation["parameters"]]
        says = ["ETag" in operation["responses"]["200"]["headers"], "304" in operation["responses"]]
        assert (path, *says, "If-None-Match" in parameters) == (path, has_etag, has_etag, has_etag)


@pytest.mark.parametrize("path", OBJECTS)
def test_every_field_of_an_answer_is_described_and_of_its_type(app: Flask, document: Json, path: str) -> None:
    console = Console(app)
    for do, session, form in [
        ("content", "panel", {"title": "Who pays?"}),
        ("cancel", "panel", {"note": "Tomorrow."}),
        ("move", "closing", {"time": "17:05"}),
        ("announce", "", {"text": "Posters in Hall B", "minutes": "30"}),
    ]:
        console.edit(do, session, **form)
    answer = app.test_client().get(path).get_json()
    assert answer["revision"] > 3
    assert [error.message for error in validator(document, OBJECTS[path]).iter_errors(answer)] == []


def test_every_problem_is_as_described(client: FlaskClient, document: Json) -> None:
    refused = [
        client.get("/api/now?at=noon"),
        client.get("/api/nothing"),
        client.get("/export/schedule.pdf"),
        client.post("/api/program"),
        client.delete("/export/schedule.xml"),
        client.get("/talks/nobody", headers={"Accept": "application/json"}),
        client.get("/now?at=noon", headers={"Accept": "application/problem+json"}),
        client.get(f"/api/now?x={'x' * 3000}"),
    ]
    assert [answer.status_code for answer in refused] == [400, 404, 404, 405, 405, 404, 400, 414]
    for answer in refused:
        assert answer.content_type == "application/problem+json"
        assert list(validator(document, "Problem").iter_errors(answer.get_json())) == []
        assert answer.get_json()["status"] == answer.status_code
    assert set(refused[3].headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_people_get_a_page_where_something_is_wrong(reader: FlaskClient) -> None:
    accepts = "text/html,application/xhtml+xml,*/*;q=0.8"
    answer = reader.get("/talks/nobody", headers={"Accept": accepts})
    assert (answer.status_code, answer.content_type) == (404, "text/html; charset=utf-8")


def test_every_operation_has_a_short_summary(document: Json) -> None:
    summaries = [operation["get"]["summary"] for operation in document["paths"].values()]
    assert [summary for summary in summaries if not 8 <= len(summary) <= 80 or "\n" in summary] == []


def test_every_parameter_and_field_says_what_it_means(document: Json) -> None:
    components = document["components"]
    parameters = components["parameters"].values()
    assert [one["name"] for one in parameters if not one["description"]] == []
    fields = {
        f"{name}.{field}": schema
        for name, one in components["schemas"].items()
        for field, schema in one.get("properties", {}).items()
    }
    assert [name for name, schema in fields.items() if len(schema.get("description", "")) < 8] == []


def test_every_example_is_an_example_of_its_schema(document: Json) -> None:
    whole = {"components": document["components"]}
    for parameter in document["components"]["parameters"].values():
        if "example" in parameter:
            jsonschema.validate(parameter["example"], {**parameter["schema"], **whole}, Draft202012Validator)
    for one in document["components"]["schemas"].values():
        for schema in one.get("properties", {}).values():
            for example in schema.get("examples", ()):
                jsonschema.validate(example, {**schema, **whole}, Draft202012Validator)


def test_the_same_program_gives_the_same_bytes(app: Flask) -> None:
    first, second = (app.test_client().get("/api/openapi.json?at=2025-07-18T10:20") for _ in range(2))
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    again = app.test_client().get("/api/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_its_server_is_the_address_that_was_asked(reader: FlaskClient) -> None:
    asked = reader.get("/api/openapi.json", base_url="https://agenda.example").get_json()
    assert asked["servers"] == [{"url": "https://agenda.example"}]


def test_the_page_tells_people_every_address_and_field(client: FlaskClient, document: Json) -> None:
    text = client.get("/api").text
    assert [path for path in document["paths"] if f"<code>{path}</code>" not in text] == []
    fields = [field for one in document["components"]["schemas"].values() for field in one.get("properties", {})]
    assert [field for field in fields if f"<code>{field}</code>" not in text] == []


def test_the_page_leads_to_answers(reader: FlaskClient) -> None:
    links = re.findall(r'<a href="([^"]+)">try it</a>', reader.get("/api").text)
    assert {path: reader.get(path).status_code for path in links} == dict.fromkeys(links, 200)
    assert len(links) > 12


def test_the_days_page_leads_to_it(reader: FlaskClient) -> None:
    assert '<a href="/api">' in reader.get("/").text


def test_json_is_what_it_says(client: FlaskClient, document: Json) -> None:
    for path, operation in document["paths"].items():
        if path in OBJECTS or path == "/api/openapi.json":
            assert list(operation["get"]["responses"]["200"]["content"]) == [client.get(path).content_type]
    assert json.loads(client.get("/api/openapi.json").data) == document
