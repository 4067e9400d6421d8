"""Work done ahead by threads, in the order in which it is asked for."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def ahead(
    work: Callable[[Given], Made], given: Iterable[Given], workers: int, most: int, name: str
) -> Generator[Made, None, None]:
    """What work makes of each that is given, in their order; close it to end its threads.

    workers: how many threads, called by the name. most: how many are made, or wait to be, before they are asked for;
    no more than that of `given` are taken before. What work raises comes in its turn.
    """
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(workers, name) as pool:
        try:
            for each in given:
                waiting.append(pool.submit(work, each))
                if len(waiting) > most:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
