"""The Java process that works on one of Engram's stores: StoreProcess, asked in lines."""

import json
import subprocess


class StoreProcess:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the store's process has ended")
        return answer.strip()

    def seconds(self, *words):
        return float(self.ask(*words))

    def resources(self):
        return json.loads(self.ask("resources"))

    def recall(self, first, last, neighbours, share=100):
        """Milliseconds of each query, and the numbers that each found."""
        answers = [answer.split(",") for answer in self.ask("recall", first, last, neighbours, share).split(" ")]
        return [float(answer[0]) for answer in answers], [[int(found) for found in answer[1:]] for answer in answers]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=120)
