"""Models on the Hugging Face Hub: an address becomes a file in the local cache, which serves without a network too."""

import functools
import re
from pathlib import Path

from dood.checkpoints.headers import MODEL
from dood.errors import DoodError

__all__ = ["SCHEME", "download"]

SCHEME = "hf://"

ADDRESS = re.compile(r"hf://(?P<repo>[\w.-]+/[\w.-]+)(@(?P<revision>[^/]+))?(/(?P<file>.+\.safetensors))?/?")


@functools.lru_cache(maxsize=32)
def download(address: str) -> Path:
    """The file of a model at `hf://owner/name[@revision][/path.safetensors]`, fetched unless it is in the cache.

    The path is `model.safetensors` unless given, the file that a training run leaves. The cache is huggingface_hub's:
    `HF_HOME` moves it, and with `HF_HUB_OFFLINE=1` nothing is asked of the network.

    Raises:
        DoodError: the address is none, huggingface_hub is not installed, or the file can be had neither from the Hub
            nor from the cache.
    """
    found = ADDRESS.fullmatch(address)
    if not found:
        raise DoodError(f"{address} is no address of a model: write hf://owner/name, hf://owner/name@revision or so")
    try:
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError
    except ImportError as error:
        raise DoodError(f"{address} needs huggingface_hub: pip install 'dood[hub]'") from error
    repo, file = found["repo"], found["file"] or MODEL
    try:
        return Path(hf_hub_download(repo, file, revision=found["revision"], library_name="dood"))
    except LocalEntryNotFoundError as error:
        raise DoodError(
            f"{address} is not in the cache, and the Hub cannot be reached: connect once, or load {file} as a file"
        ) from error
    except EntryNotFoundError as error:
        raise DoodError(f"{address}: there is no {file} in {repo}; give its path, hf://{repo}/PATH") from error
    except (OSError, ValueError) as error:
        raise DoodError(f"{address} cannot be fetched: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
