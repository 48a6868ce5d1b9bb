"""`dood studio`: the page in the browser."""

from typing import Annotated

from cyclopts import Parameter

from dood.cli.console import console, flush, say
from dood.cli.options import Flag, whole
from dood.cli.verbs import verb

__all__ = ["studio"]

Port = Annotated[int, whole(0, 65535), Parameter(help="Port to listen on; any free one by default.")]
Host = Annotated[str, Parameter(metavar="HOST", help="Listen on another address than this machine's own.")]


@verb("dood.studio.serve:serve")
def studio(*, port: Port = 0, host: Host = "127.0.0.1", share: Flag = False, no_browser: Flag = False) -> None:
    """Trace, watch and mend drawings on a page in the browser.

    Serves a page from this machine, opens it in the browser and prints its
    address. Drop a picture there or draw one; see its strokes drawn in order,
    change options, mend them and take them away. Nothing leaves this machine,
    and nothing is written but what you save. End it with Ctrl-C.

    examples:
      dood studio
      dood studio --port 8000 --no-browser
      dood studio --host 0.0.0.0 --share    # other machines may come in too

    Arguments:
        share: Let other machines in that have the address; it is not encrypted.
        no_browser: Only print the address.
    """
    from dood.studio.serve import serve

    def tell(address: str) -> None:
        say(address)
        flush()
        console.note("the studio is at this address; Ctrl-C ends it")

    try:
        serve(port=port, host=host, share=share, browser=not no_browser, ready=tell)
    except KeyboardInterrupt:
        console.note("the studio is closed")
