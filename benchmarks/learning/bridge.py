"""How fast a running service acts over HTTP and steps environments over its WebSocket: bridge.py [URL]. Needs Gymnasium."""

import http.client
import json
import sys
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "clients" / "python"))
import engram  # noqa: E402
import gymnasium  # noqa: E402
import numpy as np  # noqa: E402


def act(service, url, count=5_000, warm=10_000):
    """One connection, one observation a request, as small a client as there is."""
    agent = service.create_agent(environment="CartPole-v1")
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    body = json.dumps({"observation": [0.01, 0.2, -0.03, 0.1]})
    times = []
    for _ in range(warm + count):
        begun = time.perf_counter()
        connection.request("POST", f"/v1/agents/{agent.id}/act", body, {"Content-Type": "application/json"})
        connection.getresponse().read()
        times.append(1e3 * (time.perf_counter() - begun))
    agent.delete()
    p50, p99 = np.percentile(times[warm:], [50, 99])
    print(f"act over HTTP, {count:,} requests: p50 {p50:.2f} ms, p99 {p99:.2f} ms")


def single(service, count=10_000):
    env = service.make("CartPole-v1")
    env.reset(seed=1)
    begun = time.perf_counter()
    for _ in range(count):
        _, _, terminated, truncated, _ = env.step(1)
        if terminated or truncated:
            env.reset()
    print(f"session, one instance: {count / (time.perf_counter() - begun):,.0f} steps/s")
    env.close()


def batched(service, instances, count=500):
    env = service.make_vec("CartPole-v1", instances)
    env.reset(seed=1)
    actions = np.ones(instances, np.int64)
    begun = time.perf_counter()
    for _ in range(count):
        env.step(actions)
    print(f"session, {instances:,} instances: {instances * count / (time.perf_counter() - begun):,.0f} steps/s")
    env.close()


def offered(service, steps=6_000):
    """An agent that only acts and never learns, so that the way between is what is measured."""
    with service.offer("bridge", lambda: gymnasium.make("CartPole-v1", disable_env_checker=True)):
        agent = service.create_agent(environment="bridge", settings={"start": 10 * steps, "network": {"layers": [8]}})
        training = agent.train(steps, evaluateEvery=0, saveEvery=0).wait()
        health = service.environment("bridge")["health"]
        print(
            f"offered, trained in by the service: {training.result['stepsPerSecond']:,.0f} steps/s,"
            f" {health['meanStepMilliseconds']:.3f} ms a step"
        )
        agent.delete()


def main():
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
    service = engram.Engram(url)
    act(service, url)
    single(service)
    for instances in (16, 256, 1_024):
        batched(service, instances)
    offered(service)


if __name__ == "__main__":
    main()
