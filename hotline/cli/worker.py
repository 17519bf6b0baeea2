"""`hotline worker`: one process that does what waits on the RQ lanes."""

import sys

from hotline.cli.first import check_policy, check_redis, check_safe
from hotline.resources import ROOT


def worker() -> None:
    """Classify, sum up and whatever else waits. Start as many as there is work for."""
    from rq import Queue
    from rq.serializers import JSONSerializer

    from hotline.classification.reader import reader
    from hotline.garbage import leave_what_is_there
    from hotline.jobs import LANES, Worker, rq_connection
    from hotline.logs import begin

    begin("worker")
    check_policy("worker")
    check_safe("worker")
    check_redis("worker")
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))  # the lanes name their jobs workers.<lane>.run
    reader()  # trained or loaded before the first citizen waits for it
    queues = [Queue(lane, connection=rq_connection(), serializer=JSONSerializer) for lane in LANES]
    leave_what_is_there()
    Worker(queues, connection=rq_connection(), serializer=JSONSerializer).work(logging_level="WARNING")
