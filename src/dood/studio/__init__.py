"""`dood studio`: a page in the browser, served from this machine, that traces pictures and shows how they are drawn.

`serve` opens the port and the browser, `app` holds the routes, `guard` lets in who has the token, `workers` are the
processes that `jobs` run in, each a function of `work` with a time limit, and `page` is what the browser loads.
Tracing, mending (`mended`) and comparing need no torch; what models do (`modelling`) needs it. `notebook` shows
drawings with the page's player.

A request carries the picture or the drawing itself: the server keeps nothing, opens no path that a client names and
writes nothing.
"""
