"""Turn a request as Granian describes it into what WSGI calls its environ (PEP 3333)."""

from typing import Any

WITHOUT_PREFIX = {"CONTENT_TYPE", "CONTENT_LENGTH"}


def make_environ(scope: Any) -> dict[str, Any]:
    """Return the environ of an RSGI request. The caller adds `wsgi.input`.

    Headers with an underscore are left out: `X_Forwarded_Proto` would look like the header of a
    trusted proxy. Headers that come several times are joined.
    """
    server, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _latin_1(scope.path),
        "QUERY_STRING": _latin_1(scope.query_string),
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in WITHOUT_PREFIX else f"HTTP_{key}"
        if key in environ:
            environ[key] += f"{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        else:
            environ[key] = value
    return environ


def _latin_1(text: str) -> str:
    """Return the UTF-8 bytes of a text, each as one character."""
    return text if text.isascii() else text.encode().decode("latin-1")
