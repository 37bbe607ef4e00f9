"""Trains DQN of a running service on Gymnasium's LunarLander, which steps in this process.

    pip install "gymnasium[box2d]==1.4.0" numpy==2.4.6
    python3 lunar_lander.py [--steps 100000] [--agent ID] [--resume] [--url http://127.0.0.1:8080]

Gymnasium counts LunarLander as solved at a mean return of 200.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import engram  # noqa: E402
import gymnasium  # noqa: E402

TASK = "LunarLander-v3"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--agent", default="lander", help="its id; an agent of that id goes on learning")
    parser.add_argument("--resume", action="store_true", help="take up the training that was interrupted")
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--key")
    given = parser.parse_args()

    service = engram.Engram(given.url, given.key)
    known = next((agent for agent in service.agents() if agent.id == given.agent), None)
    if given.resume and known is None:
        parser.error(f"there is no agent '{given.agent}'")
    # The settings that are known to solve LunarLander come by themselves, by the name of the task.
    training = service.train(
        known or "dqn", TASK, given.steps, seed=given.seed, resume=given.resume, id=given.agent,
        **({} if given.resume else {"episodes": 20}),
    )
    print(f"best evaluation {training.result['best']:.1f}; most of the time went into {training.result['bottleneck']}")

    env = gymnasium.make(TASK)
    returns = []
    for seed in range(10_000, 10_020):
        observation, _ = env.reset(seed=seed)
        total, over = 0.0, False
        while not over:
            observation, reward, terminated, truncated, _ = env.step(training.agent.act(observation))
            total, over = total + reward, terminated or truncated
        returns.append(total)
    print(f"return of 20 further episodes: {sum(returns) / len(returns):.1f}")


if __name__ == "__main__":
    main()
