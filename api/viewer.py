"""`/api/docs`: the API's description to click through, with Swagger UI. All of it comes from this process: it is for
people who try the system out, on a machine without any net too."""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import Response

from onething.domain.errors import FailureCode, OneThingError
from onething.edge.routes import StrictRoute

_PACKAGE = "fastapi_swagger.resources"  # only its files: the page it would make runs a script of its own text
_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
# relative addresses: the page works behind a proxy that puts a path before ours
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>OneThing 接口</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START_NAME = "start.js"
# no validator: it is on another's server, and would be sent our description
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""
# as narrow as Swagger UI works under; icons in its style sheet are `data:` addresses
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

router = APIRouter(prefix="/api/docs", route_class=StrictRoute, include_in_schema=False)


@router.get("", response_class=Response)
async def page() -> Response:
    return Response(_PAGE, headers={"Content-Security-Policy": _POLICY}, media_type="text/html")


@router.get("/{name}", response_class=Response)
async def asset(name: str) -> Response:
    """Raises NOT_FOUND for a file that is no part of the page."""
    if name == _START_NAME:
        return Response(_START, media_type="text/javascript")
    if name not in _ASSETS:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个地址，请核对路径。")
    return Response(_content(name), media_type=_ASSETS[name])


@cache
def _content(name: str) -> bytes:
    return files(_PACKAGE).joinpath(name).read_bytes()
