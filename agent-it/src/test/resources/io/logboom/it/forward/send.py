# python3 send.py PORT COUNT FIRST: sends COUNT events, half of them with nanoseconds.
import sys
import time

from fluent import sender

port, count, first = (int(word) for word in sys.argv[1:])
for nanoseconds in (False, True):
    logger = sender.FluentSender("app", host="127.0.0.1", port=port, nanosecond_precision=nanoseconds)
    for i in range(count // 2):
        seq = first + i + (count // 2 if nanoseconds else 0)
        if not logger.emit("python", {"seq": seq, "text": 'größe "%d"\n' % seq, "nested": {"list": [1, 2.5, None, True]}}):
            sys.exit("not sent: %s" % logger.last_error)
    logger.close()
