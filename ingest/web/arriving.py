"""A request's body for a thread that reads it chunk by chunk: the next chunk is fetched only when asked for."""

from collections.abc import AsyncIterator, Iterator

import anyio
import anyio.from_thread

SILENCE_SECONDS = 60
"""A sender that is silent for longer is given up, so that it cannot hold a thread for ever."""


def chunks(stream: AsyncIterator[bytes]) -> Iterator[bytes]:
    """To be consumed in a worker thread of the loop that owns ``stream``. Raises TimeoutError, ClientDisconnect."""

    async def following() -> bytes | None:
        with anyio.fail_after(SILENCE_SECONDS):
            return await anext(stream, None)

    while (chunk := anyio.from_thread.run(following)) is not None:
        if chunk:
            yield chunk
