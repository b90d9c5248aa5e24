"""Ways to work through jobs: here, in processes, in threads. Answers come back in the order of the jobs."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Event, current_thread, main_thread

from ..errors import EngineError
from ..model.plan import Plan
from .blocks import Block, Job, run_compiled, run_job

#: Worker processes that may die in one piece of work before it is given up.
MOST_DEATHS = 3


def work_here(plan: Plan, jobs: Iterable[Job]) -> Iterator[Block]:
    """Work through the jobs in this process."""
    for job in jobs:
        yield run_job(job, plan)


def work_in_threads(plan: Plan, jobs: Iterable[Job], workers: int) -> Iterator[Block]:
    """Work through the jobs with the compiled engine, which lets `workers` threads of this process play at once."""
    stop = Event()
    with ThreadPoolExecutor(workers) as pool:
        try:
            ahead: deque[Future[Block]] = deque()
            for job in jobs:
                ahead.append(pool.submit(run_compiled, job, plan, stop))
                # no more answers are kept than it takes to keep everybody busy
                if len(ahead) > 2 * workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            stop.set()


def work_in_processes(plan: Plan, jobs: Iterable[Job], workers: int) -> Iterator[Block]:
    """Work through the jobs in `workers` processes, each of which gets the shared plan once.

    Processes are spawned, so a script keeps its call under ``if __name__ == "__main__"``. A process that dies is
    replaced, and what it had in hand is done again; EngineError if too many die. Choice: a pipe to each worker instead
    of concurrent.futures, whose thread waits for ever for the rest of a block when Ctrl-C stops a worker that is
    sending it.
    """
    todo = deque(enumerate(jobs))
    done: dict[int, Block] = {}
    team = _Team(plan)
    with _undisturbed():
        for _ in range(min(workers, len(todo))):
            team.hire()
    try:
        for number in range(len(todo)):
            while number not in done:
                for pipe in team.ready():
                    team.take(pipe, done, todo)
            yield done.pop(number)
    finally:
        team.end()


class _Team:
    """Worker processes, the pipe to each, and the job that each has in hand."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._processes: dict[Connection, BaseProcess] = {}
        self._in_hand: dict[Connection, tuple[int, Job]] = {}
        self._died = 0

    def hire(self) -> None:
        """Start one more process."""
        context = get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there, self._plan), daemon=True)
        process.start()
        there.close()  # the worker holds the only other end, so that its death is seen here
        self._processes[here] = process

    def ready(self) -> list[Connection]:
        """The pipes at which a worker has something to say, or has died; waits until there is one."""
        return [pipe for pipe in connection.wait(list(self._processes)) if isinstance(pipe, Connection)]

    def take(self, pipe: Connection, done: dict[int, Block], todo: deque[tuple[int, Job]]) -> None:
        """Take what a worker has to say, which first is that it is ready, and give it the next job."""
        try:
            answer = pipe.recv()
            if answer is not None:
                number, block = answer
                del self._in_hand[pipe]
                if isinstance(block, BaseException):
                    raise block
                done[number] = block
            if todo:
                self._in_hand[pipe] = todo.popleft()
                pipe.send(self._in_hand[pipe])
        except (EOFError, ConnectionError):
            self._replace(pipe, todo)

    def _replace(self, pipe: Connection, todo: deque[tuple[int, Job]]) -> None:
        """Another process for one that has died, with its job to be done again. Raises EngineError after several."""
        self._died += 1
        if self._died > MOST_DEATHS:
            raise EngineError(
                f"{self._died} worker processes ended abruptly, perhaps for want of memory; run with one worker:"
                " --workers 1"
            )
        self._processes.pop(pipe).join()
        if pipe in self._in_hand:
            todo.appendleft(self._in_hand.pop(pipe))
        with _undisturbed():
            self.hire()

    def end(self) -> None:
        """End all processes."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.join()


def _serve(pipe: Connection, plan: Plan) -> None:
    """A worker: blocks for jobs until it is ended; Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe.send(None)
    while True:
        number, job = pipe.recv()
        try:
            pipe.send((number, run_job(job, plan)))
        except Exception as fault:  # whatever it is, the parent raises it
            pipe.send((number, fault))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put Ctrl-C off while processes start, for one that is half started complains or is left behind.

    The processes inherit the mask for good, as they should: Ctrl-C is the parent's to handle.
    """
    if current_thread() is not main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    came: list[int] = []
    # the mask alone would not do: another thread of this process may be given the signal
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if came:
        signal.raise_signal(signal.SIGINT)
