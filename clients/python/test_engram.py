"""Tests of engram.py against a running service: ENGRAM_URL says where it is, ENGRAM_DATA where its data directory is.

    python3 -m unittest -v test_engram
"""

import csv
import os
import signal
import subprocess
import sys
import textwrap
import time
import unittest
import warnings
from pathlib import Path

import engram
import gymnasium
import numpy as np
from gymnasium.utils.env_checker import check_env

URL = os.environ.get("ENGRAM_URL", "http://127.0.0.1:8080")
DATA = Path(os.environ.get("ENGRAM_DATA", "data"))
HERE = Path(__file__).resolve().parent
SMALL = {"network": {"layers": [32]}, "start": 100, "every": 4, "updates": 1, "batch": 32}
# The settings with which DQN is known to solve CartPole in 50,000 steps, for a network that is quick to train.
POLE = {"network": {"layers": [64, 64]}}


def quiet(run):
    """No progress in the output of the tests."""


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        time.sleep(0.02)


class Slow(gymnasium.Wrapper):
    """Slow enough that a training is still under way when something happens to it."""

    def step(self, action):
        time.sleep(0.001)
        return super().step(action)


class Failing(gymnasium.Wrapper):
    """Throws now and then."""

    left = 3

    def step(self, action):
        if Failing.left and np.random.default_rng().random() < 0.02:
            Failing.left -= 1
            raise RuntimeError("the simulator has crashed")
        return super().step(action)


class Tests(unittest.TestCase):
    def setUp(self):
        self.service = engram.Engram(URL)
        self.addCleanup(self.service.close)

    def test_our_environments_pass_the_checker_of_gymnasium(self):
        for each in self.service.environments():
            if each["source"] == "builtIn":
                with self.subTest(each["name"]), warnings.catch_warnings():
                    # Open bounds and actions that are not from -1 to 1 are what Gymnasium's own have, too.
                    warnings.simplefilter("ignore")
                    env = self.service.make(each["name"])
                    check_env(env, skip_render_check=True)
                    env.close()

    def test_our_cart_pole_is_gymnasiums(self):
        ours, theirs = self.service.make("CartPole-v1"), gymnasium.make("CartPole-v1")
        self.assertEqual(ours.observation_space, theirs.observation_space)
        self.assertEqual(ours.action_space, theirs.action_space)
        self.assertEqual(ours.spec.reward_threshold, 475)
        rng = np.random.default_rng(1)
        for seed in (0, 42, None):
            np.testing.assert_array_equal(ours.reset(seed=seed)[0], theirs.reset(seed=seed)[0])
            over = False
            while not over:
                action = int(rng.integers(2))
                mine, its = ours.step(action), theirs.step(action)
                np.testing.assert_array_equal(mine[0], its[0])
                self.assertEqual(mine[1:4], its[1:4])
                over = its[2] or its[3]
        with self.assertRaises(gymnasium.error.ResetNeeded):
            ours.step(0)
        ours.reset()
        with self.assertRaisesRegex(ValueError, "action"):
            ours.step(2)
        ours.close()

    def test_our_vector_is_gymnasiums(self):
        ours = self.service.make_vec("CartPole-v1", 5)
        theirs = gymnasium.make_vec("CartPole-v1", 5, vectorization_mode="sync")
        self.assertEqual(ours.single_observation_space, theirs.single_observation_space)
        self.assertEqual(ours.action_space, theirs.action_space)
        self.assertEqual(ours.metadata["autoreset_mode"], theirs.metadata["autoreset_mode"])
        np.testing.assert_array_equal(ours.reset(seed=3)[0], theirs.reset(seed=3)[0])
        rng = np.random.default_rng(2)
        ends = 0
        for _ in range(100):
            actions = rng.integers(2, size=5)
            mine, its = ours.step(actions), theirs.step(actions)
            for one, other in zip(mine[:4], its[:4]):
                np.testing.assert_array_equal(one, other)
            ends += its[2].sum()
        self.assertGreater(ends, 5)
        ours.close()

    def test_memories(self):
        self.service.put_space("python")
        kept = self.service.remember("python", "ada", state=[0.1, 0.2], step=3)
        self.service.remember_all("python", [{"agent": "ada", "state": [5, 5]}, {"agent": "bob", "state": [9, 9]}])
        best = self.service.recall("python", state=np.array([0.1, 0.2]), k=2)
        self.assertEqual(best[0]["id"], kept)
        self.assertGreater(best[0]["score"], best[1]["score"])
        self.assertEqual(self.service.memory("python", kept)["step"], 3)
        self.assertIn("python", [each["name"] for each in self.service.spaces()])
        with self.assertRaises(engram.EngramError) as refused:
            self.service.recall("python", state=[1, 2], k=0)
        self.assertEqual(refused.exception.status, 400)
        self.assertIn("k", refused.exception.fields)
        self.service.delete_space("python")

    def test_trains_dqn_in_an_environment_of_gymnasium(self):
        training = self.service.train(
            "dqn", "CartPole-v1", steps=15_000, seed=1, id="pole", settings=POLE, progress=quiet,
            evaluateEvery=5_000, episodes=5,
        )
        self.assertEqual(training.status, "succeeded")
        agent = training.agent
        # What is tuned for the task is used, by the name that Gymnasium has for it.
        self.assertEqual(agent.info()["settings"]["learningRate"]["from"], 0.0023)
        env = gymnasium.make("CartPole-v1")
        returns = []
        for seed in range(5):
            observation, _ = env.reset(seed=seed)
            returns.append(0)
            over = False
            while not over:
                observation, reward, terminated, truncated, _ = env.step(agent.act(observation))
                returns[-1] += reward
                over = terminated or truncated
        self.assertEqual(agent.predict(env.reset(seed=0)[0])[0], agent.act(env.reset(seed=0)[0]))
        print(f"\ntrained: evaluation {training.result['best']}, here {returns}", file=sys.stderr)
        # A random policy reaches 22.
        self.assertGreater(training.result["best"], 100)
        self.logs_can_be_read(agent, training)

    def logs_can_be_read(self, agent, training):
        """TensorBoard's own reader reads the events; the monitor file has an episode a line."""
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        logs = DATA / "agents" / agent.id / "logs"
        events = EventAccumulator(str(logs))
        events.Reload()
        tags = events.Tags()["scalars"]
        for tag in ("rollout/ep_rew_mean", "rollout/ep_len_mean", "train/loss", "eval/mean_reward", "time/fps"):
            self.assertIn(tag, tags)
        evaluated = events.Scalars("eval/mean_reward")
        self.assertEqual([each.step for each in evaluated], [5_000, 10_000, 15_000])
        self.assertAlmostEqual(max(each.value for each in evaluated), training.result["best"], places=2)
        with open(logs / "engram.monitor.csv") as file:
            self.assertTrue(file.readline().startswith("#"))
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), training.result["episodes"])
        self.assertLessEqual(sum(int(row["l"]) for row in rows), 15_000)
        self.assertAlmostEqual(float(rows[-1]["r"]), float(rows[-1]["l"]))

    def test_trains_sac_in_an_environment_that_is_given(self):
        env = gymnasium.make("Pendulum-v1")
        training = self.service.train(
            "sac", env, steps=300, settings={"network": {"layers": [16]}, "start": 100, "batch": 16}, progress=quiet
        )
        self.assertEqual(training.status, "succeeded")
        self.assertEqual(training.agent.act(env.reset(seed=1)[0]).shape, (1,))
        training.agent.delete()

    def test_predicts_as_models_of_stable_baselines_do(self):
        agent = self.service.create_agent("reinforce", "CartPole-v1")
        seen = np.array([[0.1, 0.2, 0.0, -0.1], [0, 0, 0.1, 0.1]], np.float32)
        actions, state = agent.predict(seen)
        again, later = agent.predict(seen, state, np.array([True, False]))
        self.assertEqual(actions.shape, (2,))
        self.assertEqual(actions[0], again[0])
        self.assertEqual(len(later), 2)
        self.assertEqual(agent.act_all(seen), actions.tolist())
        agent.delete()

    def test_is_cancelled_and_taken_up_again(self):
        with self.service.offer("Held", lambda: Slow(gymnasium.make("CartPole-v1"))):
            agent = self.service.create_agent(environment="Held", id="held", settings=SMALL)
            training = agent.train(1_500, episodes=1)
            wait_for(lambda: (training.refresh().run["metrics"] or {}).get("steps", 0) > 300)
            self.assertEqual([run["status"] for run in training.cancel()][-1], "cancelled")
            reached = agent.info()["steps"]
            self.assertGreater(reached, 300)
            self.assertLess(reached, 1_500)
            resumed = agent.resume().wait()
            self.assertEqual(resumed.status, "succeeded")
            self.assertEqual(agent.info()["steps"], 1_500)

    def test_a_crash_of_the_environment_ends_the_episode_alone(self):
        with self.service.offer("Crashing", lambda: Failing(gymnasium.make("CartPole-v1"))):
            agent = self.service.create_agent("dqn", "Crashing", settings=SMALL)
            self.assertEqual(agent.train(1_000, evaluateEvery=0).wait().status, "succeeded")
        health = self.service.environment("Crashing")["health"]
        self.assertEqual(health["crashes"], 3)
        self.assertEqual(health["restarts"], 3)
        self.assertIn("the simulator has crashed", health["lastError"])

    def test_the_client_is_killed_and_comes_back(self):
        script = textwrap.dedent(f"""
            import sys, time
            sys.path.insert(0, {str(HERE)!r})
            import engram, gymnasium
            from test_engram import Slow
            with engram.Engram({URL!r}).offer("Killed", lambda: Slow(gymnasium.make("CartPole-v1"))):
                print("offered", flush=True)
                time.sleep(300)
        """)
        clients = []

        def client():
            process = subprocess.Popen([sys.executable, "-B", "-c", script], stdout=subprocess.PIPE, text=True)
            clients.append(process)
            self.assertEqual(process.stdout.readline().strip(), "offered")
            return process

        try:
            first = client()
            agent = self.service.create_agent(environment="Killed", settings=SMALL)
            training = agent.train(2_000, evaluateEvery=1_000, episodes=1)
            wait_for(lambda: (training.refresh().run["metrics"] or {}).get("steps", 0) > 300)
            first.send_signal(signal.SIGKILL)
            wait_for(lambda: "waiting for the environment" in training.refresh().run["message"])
            self.assertEqual(self.service.environment("Killed")["health"]["state"], "away")
            client()
            self.assertEqual(training.wait().status, "succeeded")
            self.assertEqual(agent.info()["steps"], 2_000)
            self.assertGreaterEqual(self.service.environment("Killed")["health"]["restarts"], 1)
        finally:
            for process in clients:
                process.kill()
                process.wait()
                process.stdout.close()

    def test_what_cannot_be_offered_says_why(self):
        with self.assertRaisesRegex(engram.EngramError, "built-in"):
            self.service.offer("CartPole-v1", "CartPole-v1")
        with self.assertRaisesRegex(gymnasium.error.Error, "Nowhere"):
            self.service.offer("Nowhere", "Nowhere-v1")
        with self.service.offer("Taken", "CartPole-v1"):
            with self.assertRaisesRegex(engram.EngramError, "other spaces"):
                self.service.offer("Taken", "Acrobot-v1")
        self.assertEqual(self.service.environment("Taken")["timeLimit"], 500)

    def test_spaces_of_gymnasium_become_flat(self):
        class Odd(gymnasium.Env):
            observation_space = gymnasium.spaces.Dict(
                {"place": gymnasium.spaces.Discrete(3), "speed": gymnasium.spaces.Box(-1, 1, (2,), np.float64)}
            )
            action_space = gymnasium.spaces.Discrete(2, start=5)
            taken = []

            def reset(self, *, seed=None, options=None):
                super().reset(seed=seed)
                return {"place": 1, "speed": np.array([0.5, -0.5])}, {"action_mask": np.array([0, 1], np.int8)}

            def step(self, action):
                self.taken.append(action)
                return {"place": 2, "speed": np.zeros(2)}, 1.0, len(self.taken) % 9 == 0, False, {}

        with self.service.offer("Odd", Odd):
            about = self.service.environment("Odd")
            self.assertEqual(about["actions"], {"count": 2})
            self.assertEqual(len(about["observation"]["low"]), 5)
            agent = self.service.create_agent(environment="Odd", settings=SMALL)
            self.assertEqual(agent.train(60, evaluateEvery=0).wait().status, "succeeded")
        self.assertEqual(set(Odd.taken), {5, 6})
        self.assertEqual(Odd.taken[0], 6)


class Sockets(unittest.TestCase):
    """The WebSocket client by itself: messages of every length arrive as they were sent."""

    def test_frames_of_every_length(self):
        service = engram.Engram(URL)
        self.addCleanup(service.close)
        for count in (1, 7, 120, 1_000):
            env = service.make_vec("CartPole-v1", count)
            seen, _ = env.reset(seed=1)
            self.assertEqual(seen.shape, (count, 4))
            again, *_ = env.step(np.zeros(count, np.int64))
            self.assertFalse(np.array_equal(seen, again))
            env.close()


if __name__ == "__main__":
    unittest.main()
