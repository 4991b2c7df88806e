"""The body of a request, read whole within its limits; and the end of a request whose client has gone."""

import anyio
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.web.problems import largest_body, refusal

_LEAVE_SECONDS, _LEAVE_BODIES = 1.0, 8  # given to a client to send the rest of a body too large, times the limit


class Body:
    """Reads the body before the application runs, and cancels the application when its client leaves.

    Refuses a body that is too large, declared so or not, and one that does not come in time. Without it a question whose
    client has gone would keep its place among those that wait, and then be answered for nobody.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        limit = largest_body(request.url.path)
        declared = request.headers.get("content-length", "0")
        body: bytes | None = None
        if declared.isdigit() and int(declared) > limit:
            await _let_send(receive, limit)
            await refusal(request, 413, headers={"Connection": "close"})(scope, receive, send)
            return
        with anyio.move_on_after(self._seconds) as reading:
            body = await _whole(receive, limit)
        if reading.cancelled_caught:
            await refusal(request, 408, headers={"Connection": "close"})(scope, receive, send)
        elif body is None:
            return  # the client has gone
        elif len(body) > limit:
            await _let_send(receive, limit)
            await refusal(request, 413, headers={"Connection": "close"})(scope, receive, send)
        else:
            await self._while_there(body, scope, receive, send)

    async def _while_there(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        gone = anyio.Event()
        answered = False
        messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            if messages:
                return messages.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def pass_on(message: Message) -> None:
            nonlocal answered
            answered = answered or (message["type"] == "http.response.body" and not message.get("more_body", False))
            await send(message)

        async def watch(running: anyio.CancelScope) -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            gone.set()
            if not answered:  # the end of the response reads as a disconnection too
                running.cancel()

        failure: Exception | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch, tasks.cancel_scope)
            try:
                await self._app(scope, replay, pass_on)
            except Exception as error:  # told below, as itself and not as a group of one
                failure = error
            tasks.cancel_scope.cancel()
        if failure is not None:
            raise failure


async def _whole(receive: Receive, limit: int) -> bytes | None:
    """The body, cut just beyond the limit; ``None`` when the client leaves before its end."""
    body = b""
    while len(body) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body


async def _let_send(receive: Receive, limit: int) -> None:
    """Throw away the rest of a body that is refused, within reason: a client still sending reads no answer, but a reset."""
    thrown = 0
    with anyio.move_on_after(_LEAVE_SECONDS):
        while thrown <= _LEAVE_BODIES * limit:
            message = await receive()
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                return
            thrown += len(message.get("body", b""))
