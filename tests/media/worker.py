"""A worker of its own for the test that kills workers: started as a process on a real database file.

It loads the school once, then forks for each order it reads: "work" forks a worker that runs what is queued and prints
its process id first; "rescue" takes up what dead workers left; "tell" prints the state of all videos as JSON.
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import django


def work() -> None:
    from school.kernel.domain.jobs import run_job
    from school.kernel.enums import JobState
    from school.kernel.models import BackgroundJob

    while job := BackgroundJob.objects.filter(cluster="video", state=JobState.QUEUED).order_by("pk").first():
        run_job(job.pk)


def rescue() -> None:
    from media.domain.rescue import rescue_stalled

    rescue_stalled(timedelta(0))


def add() -> None:
    from media.domain.videos import add_video

    for number, path in enumerate(sys.argv[1:]):
        add_video(Path(path), title=f"片子{number}", by=None)


def tell() -> str:
    from media.domain import shelf
    from media.models import Video

    return json.dumps(
        [
            {
                "state": video.state,
                "error": video.error,
                "generation": video.generation,
                "stored": shelf.generations(video),
                "left": sorted(path.name for path in shelf.workshop(video).glob("work-*")),
                "has_master": (video.folder / "master.m3u8").exists(),
                "runs": list(video.transcodings.order_by("pk").values_list("state", flat=True)),
            }
            for video in Video.objects.order_by("pk")
        ]
    )


def fork(call: object) -> int:
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            call()  # type: ignore[operator]
        finally:
            os._exit(0)
    return pid


def main() -> None:
    django.setup()
    orders = {"rescue": rescue, "add": add, "work": work}
    for line in sys.stdin:
        order = line.strip()
        if order == "tell":
            answer = tell()
        elif order == "wait":
            answer = str(os.wait()[1])
        else:
            pid = fork(orders[order])
            answer = str(pid)
            if order != "work":
                os.waitpid(pid, 0)
        print(answer, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
