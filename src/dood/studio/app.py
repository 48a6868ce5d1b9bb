"""The routes: the page and what it loads, and the jobs that it asks for."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from dood import __version__
from dood.drawing.formats import FORMATS
from dood.errors import DoodError
from dood.samples import sample_paths
from dood.studio import limits, work
from dood.studio.guard import Guard, Pass
from dood.studio.jobs import Busy, Gone, Jobs
from dood.studio.options import offered, options_from

__all__ = ["make_app"]

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "json": "application/json",
    "npz": "application/octet-stream",
}
"""By the last ending of a file's name."""

CLOSED = 499
"""The status for one who has gone; nobody sees it."""


@dataclass(frozen=True)
class Studio:
    """What the routes share: bytes that were read as the server started, and the jobs."""

    page: dict[str, bytes]
    examples: dict[str, bytes]
    jobs: Jobs

    async def index(self, request: Request) -> Response:
        return _file("index.html", self.page)

    async def part(self, request: Request) -> Response:
        return _file(request.path_params["name"], self.page)

    async def example(self, request: Request) -> Response:
        return _file(request.path_params["name"], self.examples)

    async def about(self, request: Request) -> Response:
        formats = [{"name": name, "suffix": each.suffix} for name, each in FORMATS.items()]
        formats.append({"name": work.PLOTTER, "suffix": ".plotter.svg"})
        said = {"version": __version__, "options": offered(), "formats": formats, "examples": [*self.examples]}
        return JSONResponse(said | {"limits": {"bytes": limits.MAX_BYTES, "pixels": limits.MAX_PIXELS}})

    async def trace(self, request: Request) -> Response:
        return await self._traced(request, await _body(request), "")

    async def retrace(self, request: Request) -> Response:
        """What is sent is a line of JSON, of what a person mended, and the picture after it."""
        mended, end, picture = (await _body(request)).partition(b"\n")
        if not end:
            raise DoodError("the picture is missing: give a line of what was mended, then the picture")
        return await self._traced(request, picture, _text(mended))

    async def _traced(self, request: Request, picture: bytes, mended: str) -> Response:
        options = {name: value for name, value in request.query_params.items() if name != "name"}
        name = request.query_params.get("name", "picture")[:80]
        return JSONResponse(await self._job(request, work.trace, picture, name, options_from(options), mended))

    async def compare(self, request: Request) -> Response:
        return JSONResponse(await self._job(request, work.compare, _text(await _body(request))))

    async def models(self, request: Request) -> Response:
        """The names of models, and what they lack; with ?load, a process is ready for them then."""
        return JSONResponse(await self._job(request, work.models, "load" in request.query_params))

    async def modelled(self, request: Request) -> Response:
        verb, text = request.path_params["verb"], _text(await _body(request))
        return JSONResponse(await self._job(request, work.modelled, verb, text))

    async def inside(self, request: Request) -> Response:
        asked = dict(request.query_params)
        name = asked.pop("name", "picture")[:80]
        return JSONResponse(await self._job(request, work.inside, await _body(request), name, asked))

    async def export(self, request: Request) -> Response:
        name = request.path_params["format"]
        data = await self._job(request, work.export, _text(await _body(request)), name)
        suffix = FORMATS[name].suffix if name in FORMATS else ".svg"
        return Response(data, media_type=TYPES[suffix.rpartition(".")[2]])

    async def _job(self, request: Request, function: Callable[..., Any], *arguments: Any) -> Any:
        return await self.jobs.run(request.is_disconnected, function, *arguments)


def make_app(token: str, host: str = "127.0.0.1", jobs: Jobs | None = None) -> ASGIApp:
    """The studio, for those who have the token and ask for `host`; see `dood.studio.guard.Pass`."""
    folder = files("dood.studio").joinpath("page")
    page = {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}
    studio = Studio(page, {path.name: path.read_bytes() for path in sample_paths()}, jobs or Jobs())
    routes = [
        Route("/", studio.index),
        Route("/page/{name}", studio.part),
        Route("/api/about", studio.about),
        Route("/api/examples/{name}", studio.example),
        Route("/api/trace", studio.trace, methods=["POST"]),
        Route("/api/retrace", studio.retrace, methods=["POST"]),
        Route("/api/compare", studio.compare, methods=["POST"]),
        Route("/api/models", studio.models),
        Route("/api/models/{verb}", studio.modelled, methods=["POST"]),
        Route("/api/inside", studio.inside, methods=["POST"]),
        Route("/api/export/{format}", studio.export, methods=["POST"]),
    ]
    handlers: dict[Any, Any] = {DoodError: _refused, Gone: _gone, HTTPException: _http, Exception: _unexpected}

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        studio.jobs.warm()
        yield
        studio.jobs.close()

    return Guard(Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan), Pass(token, host))


def _file(name: str, among: dict[str, bytes]) -> Response:
    if name not in among:
        raise HTTPException(404, f"there is no {name[:80]!r} here")
    return Response(among[name], headers={"content-type": TYPES[name.rpartition(".")[2]]})


async def _body(request: Request) -> bytes:
    """What was sent; no more of it is read than may be."""
    said = request.headers.get("content-length", "")
    size, parts = 0, []
    if said.isdecimal() and int(said) > limits.MAX_BYTES:
        raise _too_long()
    async for part in request.stream():
        size += len(part)
        if size > limits.MAX_BYTES:
            raise _too_long()
        parts.append(part)
    if not size:
        raise DoodError("nothing was sent: give a picture or a drawing")
    return b"".join(parts)


def _too_long() -> HTTPException:
    return HTTPException(413, f"this is more than {limits.MAX_BYTES // 2**20} MB: scale the picture down")


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise DoodError(f"no JSON: byte {error.start} is not UTF-8") from error


async def _refused(request: Request, error: DoodError) -> Response:
    return JSONResponse({"error": str(error)}, 503 if isinstance(error, Busy) else 422)


async def _gone(request: Request, error: Gone) -> Response:
    return Response(status_code=CLOSED)


async def _http(request: Request, error: HTTPException) -> Response:
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


async def _unexpected(request: Request, error: Exception) -> Response:
    what = " ".join(str(error).split())
    return JSONResponse({"error": f"unexpected {type(error).__name__}: {what} (please report it)"}, 500)
