#!/usr/bin/env python3
"""Records the sample episodes: five Gymnasium environments and the gathering world.

    python3 -m venv /tmp/record && /tmp/record/bin/pip install -r samples/requirements.txt
    /tmp/record/bin/python samples/record.py --out samples/recordings

Each environment is played by a random policy, by a scripted one that is decent at the task and by a
mixture of both, in turns, so that the states cover failures, progress and success. Only whole episodes
are written. Observations are the environment's own 32-bit floats, printed so that they read back
exactly; actions and the reset seed of each episode are kept, so every trajectory can be replayed.
"""

import argparse
import hashlib
import math
import random
from pathlib import Path

import gathering

SEED = 20260101
GATHERING = {"seed": 7, "steps": 500, "agents": 8, "episodes": 3}
POLICIES = ("random", "scripted", "mixed")


def balance(observation, draw):
    """CartPole: push to the side to which the pole will have fallen, drifting back to the middle."""
    position, speed, angle, turning = observation
    return 1 if angle + 0.4 * turning + 0.03 * position + 0.06 * speed > 0.0 else 0


def swing(observation, draw):
    """Acrobot: pump energy by turning the elbow against the swing of the shoulder."""
    shoulder, elbow = observation[4], observation[5]
    return 0 if shoulder > 0.0 else 2 if shoulder < 0.0 else (0 if elbow > 0.0 else 2)


def rock(observation, draw):
    """MountainCar: push the way the car already rolls."""
    return 2 if observation[1] >= 0.0 else 0


def rock_softly(observation, draw):
    return [round((0.6 + 0.4 * draw()) * (1.0 if observation[1] >= 0.0 else -1.0), 4)]


def swing_up(observation, draw):
    """Pendulum: pump energy below, hold the balance near the top."""
    cosine, sine, turning = observation
    angle = math.atan2(sine, cosine)
    if cosine > 0.85:
        torque = -(10.0 * angle + 2.0 * turning)
    else:
        energy = turning * turning / 6.0 + 5.0 * (cosine - 1.0)
        torque = 2.0 * (1.0 if turning * -energy >= 0.0 else -1.0)
    return [round(max(-2.0, min(2.0, torque)), 4)]


def pick(count):
    return lambda draw: int(draw() * count)


def uniform(bound):
    return lambda draw: [round((draw() * 2.0 - 1.0) * bound, 4)]


# environment: transitions to reach, scripted policy, random policy
ENVIRONMENTS = {
    "CartPole-v1": (4000, balance, pick(2)),
    "Acrobot-v1": (4000, swing, pick(3)),
    "MountainCar-v0": (4000, rock, pick(3)),
    "MountainCarContinuous-v0": (4000, rock_softly, uniform(1.0)),
    "Pendulum-v1": (4000, swing_up, uniform(2.0)),
}


def number(value):
    """A 32-bit float as the shortest decimal that reads back to it; null where it is infinite."""
    return None if math.isinf(value) else float(str(value))


def action_space(space):
    if hasattr(space, "n"):
        return {"type": "discrete", "n": int(space.n)}
    return {"type": "box", "low": [number(v) for v in space.low], "high": [number(v) for v in space.high]}


def play(environment, seed):
    """One environment's lines: a header, then whole episodes until there are enough transitions."""
    import gymnasium
    import numpy

    quota, scripted, at_random = ENVIRONMENTS[environment]
    world = gymnasium.make(environment)
    draw = random.Random(seed).random
    transitions, episodes = [], []
    played = dict.fromkeys(POLICIES, 0)
    while len(transitions) < quota:
        policy = min(POLICIES, key=lambda name: played[name])
        episode = len(episodes)
        observation, _ = world.reset(seed=seed + episode)
        step, over, total = 0, False, 0.0
        while not over:
            chance = {"random": 1.0, "scripted": 0.0, "mixed": 0.3}[policy]
            chosen = at_random if draw() < chance else None
            seen = [number(value) for value in observation]
            action = chosen(draw) if chosen else scripted(seen, draw)
            given = numpy.array(action, dtype=numpy.float32) if isinstance(action, list) else action
            following, reward, terminated, truncated, _ = world.step(given)
            transitions.append(
                {
                    "environment": environment,
                    "episode": episode,
                    "step": step,
                    "observation": seen,
                    "action": action,
                    "reward": float(reward),
                    "nextObservation": [number(value) for value in following],
                    "terminated": bool(terminated),
                    "truncated": bool(truncated),
                }
            )
            observation, over = following, terminated or truncated
            total += float(reward)
            step += 1
        played[policy] += step
        episodes.append({"policy": policy, "seed": seed + episode, "steps": step, "return": round(total, 6)})
    seen = [t["observation"] for t in transitions] + [t["nextObservation"] for t in transitions]
    header = {
        "recording": "transitions",
        "formatVersion": gathering.FORMAT_VERSION,
        "environment": environment,
        "gymnasiumVersion": gymnasium.__version__,
        "seed": seed,
        "observation": {
            "low": [number(value) for value in world.observation_space.low],
            "high": [number(value) for value in world.observation_space.high],
            "lowestSeen": [min(values) for values in zip(*seen)],
            "highestSeen": [max(values) for values in zip(*seen)],
        },
        "actions": action_space(world.action_space),
        "records": len(transitions),
        "episodes": episodes,
    }
    world.close()
    yield gathering.line(header)
    for transition in transitions:
        yield gathering.line(transition)


def write(folder, name, content):
    """Writes one recording and returns the SHA-256 of its uncompressed bytes."""
    content = list(content)
    gathering.write(str(folder / f"{name}.ndjson.gz"), content)
    return hashlib.sha256("".join(text + "\n" for text in content).encode()).hexdigest()


def main():
    parser = argparse.ArgumentParser(description="Record the sample episodes.")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "recordings")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    sums = {"gathering": write(chosen.out, "gathering", gathering.lines(**GATHERING))}
    for environment in ENVIRONMENTS:
        sums[environment] = write(chosen.out, environment, play(environment, chosen.seed))
    listing = "".join(f"{digest}  {name}.ndjson\n" for name, digest in sums.items())
    (chosen.out / "SHA256SUMS").write_text(listing)
    print(listing, end="")


if __name__ == "__main__":
    main()
