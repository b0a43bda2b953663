"""A load generator for heartbeats: reads a plan as JSON from standard input, prints what was answered. Stdlib only.

It runs as a process of its own and speaks plain HTTP over kept connections, so that its cost is small and apart.
"""

import asyncio
import json
import sys
import time
from typing import Any

RETRY_SECONDS = 0.2


class Load:
    """`plan`: host, port, rate (beats a second), seconds, connections, step_ms, viewers [{path, cookie, token, at}]."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.viewers = plan["viewers"]
        self.latencies: list[float] = []
        self.statuses: dict[str, int] = {}
        self.acknowledged: dict[str, list[list[int]]] = {}
        self.broken = 0

    async def run(self) -> dict[str, Any]:
        plan = self.plan
        count = plan["connections"]
        start = time.monotonic()
        await asyncio.gather(*(self._connection(number, count, start) for number in range(count)))
        self.latencies.sort()
        return {
            "beats": len(self.latencies),
            "seconds": round(time.monotonic() - start, 2),
            "p50_ms": self._quantile(0.5),
            "p99_ms": self._quantile(0.99),
            "statuses": self.statuses,
            "broken": self.broken,
            "acknowledged": self.acknowledged,
        }

    async def _connection(self, number: int, count: int, start: float) -> None:
        """Send every `count`-th beat at its time; latency counts from the planned moment, so a queue shows."""
        plan, stream = self.plan, None
        for place in range(number, int(plan["rate"] * plan["seconds"]), count):
            due = start + place / plan["rate"]
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            viewer = self.viewers[place % len(self.viewers)]
            try:
                stream = stream or await asyncio.open_connection(plan["host"], plan["port"])
                await self._beat(viewer, *stream)
                self.latencies.append((time.monotonic() - due) * 1000)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                self.broken += 1
                if stream:
                    stream[1].close()
                stream = None
                await asyncio.sleep(RETRY_SECONDS)

    async def _beat(self, viewer: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The whole unacknowledged set of this viewer: its last piece grows until it is acknowledged."""
        viewer["seq"] = viewer.get("seq", 0) + 1
        end = viewer["at"] + self.plan["step_ms"]
        body = json.dumps({"seq": viewer["seq"], "ranges": [[viewer["at"], end]], "position": end}).encode()
        writer.write(
            (
                f"PUT {viewer['path']} HTTP/1.1\r\nHost: {self.plan['host']}:{self.plan['port']}\r\n"
                f"Cookie: {viewer['cookie']}\r\nX-CSRFToken: {viewer['token']}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode()
            + body
        )
        head = await reader.readuntil(b"\r\n\r\n")
        status = head.split(b" ", 2)[1].decode()
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        state = json.loads(await reader.readexactly(length))
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status == "200":
            self.acknowledged[viewer["path"]] = state["ranges"]
            viewer["at"] = max(viewer["at"], state["furthest_ms"])

    def _quantile(self, share: float) -> float:
        if not self.latencies:
            return 0.0
        return round(self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * share))], 1)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(Load(json.load(sys.stdin)).run())))
