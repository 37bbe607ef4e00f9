"""How fast Stable-Baselines3 and PyTorch learn, with the hyper-parameters of LearnerSpeed and one thread.

usage: learner_peer.py dqn|sac STEPS, or learner_peer.py update COUNT; prints a line of JSON
"""

import json
import sys
import time

import gymnasium
import torch
from stable_baselines3 import DQN, SAC


def steps_per_second(model, steps):
    begun = time.perf_counter()
    model.learn(steps)
    return steps / (time.perf_counter() - begun)


def dqn(steps):
    model = DQN(
        "MlpPolicy",
        gymnasium.make("CartPole-v1"),
        learning_rate=2.3e-3,
        buffer_size=100_000,
        learning_starts=1_000,
        batch_size=64,
        gamma=0.99,
        train_freq=256,
        gradient_steps=128,
        target_update_interval=10,
        exploration_fraction=0.16,
        exploration_final_eps=0.04,
        policy_kwargs={"net_arch": [256, 256]},
        seed=1,
    )
    return steps_per_second(model, steps)


def sac(steps):
    return steps_per_second(SAC("MlpPolicy", gymnasium.make("Pendulum-v1"), learning_rate=1e-3, seed=1), steps)


def network():
    return torch.nn.Sequential(
        torch.nn.Linear(4, 256), torch.nn.ReLU(), torch.nn.Linear(256, 256), torch.nn.ReLU(), torch.nn.Linear(256, 2)
    )


def update(count):
    """The update alone, on the same batch again and again, without anything of a library around it."""
    torch.manual_seed(1)
    online, target = network(), network()
    target.load_state_dict(online.state_dict())
    adam = torch.optim.Adam(online.parameters(), lr=1e-3)
    observations, following = torch.rand(64, 4), torch.rand(64, 4)
    actions, rewards = torch.randint(2, (64, 1)), torch.rand(64, 1)
    for step in range(count + count // 10):
        if step == count // 10:
            begun = time.perf_counter()
        with torch.no_grad():
            returns = rewards + 0.99 * target(following).max(1, keepdim=True).values
        loss = torch.nn.functional.smooth_l1_loss(online(observations).gather(1, actions), returns)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(online.parameters(), 10)
        adam.step()
    return 1e3 * (time.perf_counter() - begun) / count


def main():
    torch.set_num_threads(1)
    what, count = sys.argv[1], int(sys.argv[2])
    print(json.dumps({"what": what, "who": "peer", "figure": {"dqn": dqn, "sac": sac, "update": update}[what](count)}))


main()
