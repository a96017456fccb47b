"""The API's docs page: the OpenAPI document, laid out to be read."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

Json = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A parameter or a field: `type` in words, `shape` the name of the shape that it holds."""

    name: str
    type: str
    shape: str
    description: str


@dataclass(frozen=True)
class Answer:
    """What comes back under a status; `shape` is empty when there is no body."""

    status: str
    meaning: str
    shape: str


@dataclass(frozen=True)
class Route:
    """One method of one address."""

    name: str
    tag: str
    method: str
    path: str
    description: str
    is_open: bool
    parameters: list[Part]
    answers: list[Answer]


@dataclass(frozen=True)
class Shape:
    """An object that answers are made of."""

    name: str
    description: str
    fields: list[Part]


class DocsPage(DocsBase):
    """Renders the docs page within the site's own design, without a script."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Return the page for the API's current document."""
        document = api.get_openapi_schema(path_params=kwargs)
        routes = _routes(document)
        tags = list(dict.fromkeys(route.tag for route in routes))
        context = {
            "description": _prose(api.description),
            "document_url": self.get_openapi_url(api, kwargs),
            "address": request.build_absolute_uri(api.get_root_path(kwargs)),
            "groups": [(tag, [route for route in routes if route.tag == tag]) for tag in tags],
            "shapes": _shapes(document, routes),
        }
        return render(request, "api/docs.html", context)


def _routes(document: Json) -> list[Route]:
    return [
        Route(
            name=operation["operationId"],
            tag=operation["tags"][0],
            method=method.upper(),
            path=path,
            description=_prose(operation["description"]),
            is_open={} in operation["security"],
            parameters=[
                _part(each["name"], each["schema"] | {"description": each.get("description", "")})
                for each in operation["parameters"]
            ],
            answers=sorted(
                (_answer(status, answer) for status, answer in operation["responses"].items()),
                key=lambda answer: answer.status,
            ),
        )
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def _answer(status: str, answer: Json) -> Answer:
    content = answer.get("content", {}).get("application/json", {})
    return Answer(str(status), answer["description"], _shape_in(content.get("schema", {})))


def _shapes(document: Json, routes: list[Route]) -> list[Shape]:
    """Return the shapes that an answer leads to; the rest only groups parameters."""
    schemas = document["components"]["schemas"]
    wanted = [answer.shape for route in routes for answer in route.answers if answer.shape]
    found: dict[str, Shape] = {}
    while wanted:
        name = wanted.pop(0)
        if name in found:
            continue
        schema = schemas[name]
        fields = [_part(*each) for each in schema.get("properties", {}).items()]
        found[name] = Shape(name, _prose(schema.get("description", "")), fields)
        wanted += [field.shape for field in fields if field.shape]
    return sorted(found.values(), key=lambda shape: shape.name)


def _prose(markdown: str) -> str:
    """Return sanitised HTML."""
    from stepwell.core.markdown.rendering import render_markdown

    return render_markdown(markdown).html


def _part(name: str, schema: Json) -> Part:
    return Part(name, _type_in(schema), _shape_in(schema), schema.get("description", ""))


def _type_in(schema: Json) -> str:
    """Return a JSON schema's type in words; of a named schema, its name."""
    if "$ref" in schema:
        return ""
    if "anyOf" in schema:
        return " or ".join(filter(None, map(_type_in, schema["anyOf"])))
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if schema["type"] == "array":
        return f"list of {_type_in(schema['items'])}".strip()
    return str(schema.get("format", schema["type"]))


def _shape_in(schema: Json) -> str:
    """Return the name of the shape that a JSON schema refers to, or nothing."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    inner = [*schema.get("anyOf", []), schema.get("items", {})]
    return next(filter(None, map(_shape_in, filter(None, inner))), "")
