"""A mail server of forty lines: it keeps what it is sent, or answers what the test wants."""

from contextlib import contextmanager
from email import message_from_bytes, policy
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


class Session(StreamRequestHandler):
    def handle(self):
        self.say("220 localhost")
        while line := self.rfile.readline().strip():
            word = line[:4].upper()
            if word == b"QUIT":
                self.say("221 Bye")
                return
            if word == b"DATA":
                self.say("354 Go on")
                self.take_message()
            elif word == b"RCPT" and self.server.unknown in line.decode():
                self.say("550 No such mailbox")
            else:
                self.say("250 OK")

    def take_message(self):
        lines = iter(self.rfile.readline, b".\r\n")
        message = message_from_bytes(b"".join(lines).replace(b"\r\n", b"\n"), policy=policy.default)
        self.server.tried.append(message)
        answer = self.server.answer(message)
        if answer.startswith("250"):
            self.server.received.append(message)
        self.say(answer)

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(ThreadingTCPServer):
    daemon_threads = True
    unknown = "inconnu@"

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.tried, self.received = [], []

    def answer(self, message) -> str:
        """What is answered to a message; a test replaces it."""
        return "250 OK"


@contextmanager
def mail_server():
    with MailServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
