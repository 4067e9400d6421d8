"""A server as if it were far away: through a line of so many bits a second, on which everything takes a while."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


@contextmanager
def afar(address: str, *, megabits: float, delay: float) -> Iterator[str]:
    """The server's address at the other end of the line, for the block. delay: seconds, one way."""
    port, started, loop = urlsplit(address).port, threading.Event(), asyncio.new_event_loop()
    found: list[int] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        ways = ((reader, far_writer), (far_reader, writer))
        with suppress(OSError):
            await asyncio.gather(*(_way(*ends, megabits * 1e6 / 8, delay) for ends in ways))

    async def serve() -> None:
        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        found.append(server.sockets[0].getsockname()[1])
        started.set()

    def run() -> None:
        loop.create_task(serve())
        loop.run_forever()

    threading.Thread(target=run, daemon=True).start()
    started.wait(10)
    try:
        yield f"http://127.0.0.1:{found[0]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)


async def _way(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rate: float, delay: float) -> None:
    """One way; rate: bytes a second."""
    sent: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    clock = asyncio.get_running_loop().time

    async def arrive() -> None:
        while True:
            at, data = await sent.get()
            await asyncio.sleep(max(0, at - clock()))
            if not data:
                writer.close()
                return
            writer.write(data)

    arriving, free = asyncio.create_task(arrive()), 0.0
    with suppress(OSError):
        while data := await reader.read(2**14):
            free = max(free, clock()) + len(data) / rate
            sent.put_nowait((free + delay, data))
    sent.put_nowait((clock() + delay, b""))
    await arriving
