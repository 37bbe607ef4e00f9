#!/usr/bin/env python3
"""Records what Gymnasium's classic-control environments do, so that Engram's can be held against it.

    python3 -m venv /tmp/record && /tmp/record/bin/pip install gymnasium==1.4.0 numpy==2.4.6
    /tmp/record/bin/python src/test/resources/engram/environment/record.py

Writes NAME.ndjson.gz beside this file. The first line describes the environment, the versions and the
machine. Then one line for each episode:

    policy        random or scripted
    seed          what reset was given; null: the generator went on from the episode before
    given         a state that was set after reset, or null
    initial       unwrapped.state after reset, float64
    first         the first observation, float32
    actions       float32 each (an index for a discrete space)
    states        unwrapped.state after every step, float64
    observations  float32
    rewards       float64
    terminated, truncated: of the last step; they are false in all steps before

and lines {"seed", "initials": [[...], ...]} with the states after reset(seed) and two further reset().
Lists of numbers are base64 of their little-endian bytes, row by row, so that they compare bit for bit.

Sine and cosine come from NumPy and from the C library, and their last bit differs between machines. The
fixtures were recorded on x86-64 with FMA and without AVX-512 (glibc 2.36). --sines writes
sines.ndjson.gz: sines and cosines of angles as they occur, to measure how far Java's are from these.
"""

import argparse
import base64
import gzip
import json
import math
import platform
import random
from pathlib import Path

import gymnasium
import numpy

SEEDS = (0, 1, 42, 123, 2**31, 2**32 - 1, 2**32, 2**53 + 1, 2**63 - 1)


def balance(observation, draw):
    position, speed, angle, turning = observation
    return 1 if angle + 0.4 * turning + 0.03 * position + 0.06 * speed > 0.0 else 0


def swing(observation, draw):
    shoulder, elbow = observation[4], observation[5]
    return 0 if shoulder > 0.0 else 2 if shoulder < 0.0 else (0 if elbow > 0.0 else 2)


def rock(observation, draw):
    return 2 if observation[1] >= 0.0 else 0


def rock_softly(observation, draw):
    return [(0.6 + 0.4 * draw()) * (1.0 if observation[1] >= 0.0 else -1.0)]


def swing_up(observation, draw):
    cosine, sine, turning = observation
    if cosine > 0.85:
        torque = -(10.0 * math.atan2(sine, cosine) + 2.0 * turning)
    else:
        torque = 2.0 * (1.0 if turning * -(turning * turning / 6.0 + 5.0 * (cosine - 1.0)) >= 0.0 else -1.0)
    return [max(-2.0, min(2.0, torque))]


def pick(count):
    return lambda observation, draw: int(draw() * count)


def uniform(bound):
    """Mostly inside, now and then exactly on a bound."""
    return lambda observation, draw: [max(-bound, min(bound, (draw() * 2.0 - 1.0) * bound * 1.2))]


# scripted policy, random policy, episodes as (policy, seed, given state)
ENVIRONMENTS = {
    "CartPole-v1": (
        balance,
        pick(2),
        [("random", 1, None), ("random", None, None), ("scripted", 7, None), ("scripted", 3, [0.5, -0.4, 0.1, 0.3]),
         ("random", 4, [2.3, 1.5, 0.0, 0.0]), ("random", 5, [-2.3, -1.5, 0.0, 0.0])],
    ),
    "Acrobot-v1": (
        swing,
        pick(3),
        [("scripted", 1, None), ("scripted", None, None), ("random", 2, None), ("scripted", 3, [1.5, -1.0, 2.0, -3.0]),
         ("scripted", 4, [3.1, 0.1, 12.0, 25.0])],
    ),
    "MountainCar-v0": (
        rock,
        pick(3),
        [("scripted", 1, None), ("random", None, None), ("random", 2, None), ("scripted", 3, [-1.15, -0.06]),
         ("scripted", 4, [0.45, 0.05])],
    ),
    "MountainCarContinuous-v0": (
        rock_softly,
        uniform(1.0),
        [("scripted", 1, None), ("scripted", None, None), ("random", 2, None), ("scripted", 3, [-1.15, -0.06]),
         ("random", 4, [0.44, 0.05])],
    ),
    "Pendulum-v1": (
        swing_up,
        uniform(2.0),
        [("scripted", 1, None), ("random", None, None), ("random", 2, None), ("scripted", 3, [0.1, 7.5])],
    ),
}


def packed(values, kind):
    return base64.b64encode(numpy.asarray(values, dtype=kind).tobytes()).decode()


def state_of(world):
    return numpy.asarray(world.unwrapped.state, dtype="<f8").copy()


def play(world, policy, choose, seed, given, draw):
    observation, _ = world.reset(seed=seed)
    if given is not None:
        world.unwrapped.state = numpy.array(given, dtype=numpy.float64)
        # Without AVX-512 the same as what the next step would see.
        observation = seen(world)
    record = {
        "policy": policy,
        "seed": seed,
        "given": given,
        "initial": packed(state_of(world), "<f8"),
        "first": packed(observation, "<f4"),
    }
    actions, states, observations, rewards = [], [], [], []
    terminated = truncated = False
    while not (terminated or truncated):
        action = choose([float(value) for value in observation], draw)
        if isinstance(action, list):
            action = numpy.array(action, dtype=numpy.float32)
        actions.append(action)
        observation, reward, terminated, truncated, _ = world.step(action)
        states.append(state_of(world))
        observations.append(observation)
        rewards.append(reward)
    record["actions"] = packed(actions, "<f4")
    record["states"] = packed(states, "<f8")
    record["observations"] = packed(observations, "<f4")
    record["rewards"] = packed(rewards, "<f8")
    record["terminated"], record["truncated"] = bool(terminated), bool(truncated)
    return record


def seen(world):
    """What the environment shows of its state; the ones without a method for it show the state itself."""
    for name in ("_get_ob", "_get_obs"):
        if hasattr(world.unwrapped, name):
            return getattr(world.unwrapped, name)()
    return numpy.array(world.unwrapped.state, dtype=numpy.float32)


def numbers(values):
    return [None if math.isinf(value) else float(value) for value in values]


def header(name, world):
    actions = world.action_space
    return {
        "environment": name,
        "gymnasium": gymnasium.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
        "library": " ".join(platform.libc_ver()),
        "machine": platform.machine(),
        "timeLimit": world.spec.max_episode_steps,
        "rewardThreshold": world.spec.reward_threshold,
        "low": numbers(world.observation_space.low),
        "high": numbers(world.observation_space.high),
        "actions": int(actions.n) if hasattr(actions, "n") else [numbers(actions.low), numbers(actions.high)],
    }


def lines(name):
    scripted, at_random, episodes = ENVIRONMENTS[name]
    world = gymnasium.make(name)
    draw = random.Random(name).random
    yield header(name, world)
    for seed in SEEDS:
        initials = []
        for given in (seed, None, None):
            world.reset(seed=given)
            initials.append(state_of(world))
        yield {"seed": seed, "initials": packed(initials, "<f8")}
    for policy, seed, given in episodes:
        yield play(world, policy, scripted if policy == "scripted" else at_random, seed, given, draw)


def sines():
    draw = numpy.random.default_rng(1)
    for bound in (0.05, 0.21, 1.0, math.pi, 10.0):
        angles = draw.uniform(-bound, bound, 20000)
        yield {
            "bound": bound,
            "angles": packed(angles, "<f8"),
            "numpySines": packed([numpy.sin(angle) for angle in angles], "<f8"),
            "numpyCosines": packed([numpy.cos(angle) for angle in angles], "<f8"),
            "mathCosines": packed([math.cos(angle) for angle in angles], "<f8"),
        }


def write(path, content):
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        for line in content:
            file.write((json.dumps(line) + "\n").encode())


def main():
    parser = argparse.ArgumentParser(description="Record Gymnasium's classic control.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    parser.add_argument("--sines", action="store_true")
    chosen = parser.parse_args()
    for name in ENVIRONMENTS:
        write(chosen.out / f"{name}.ndjson.gz", lines(name))
    if chosen.sines:
        write(chosen.out / "sines.ndjson.gz", sines())


if __name__ == "__main__":
    main()
