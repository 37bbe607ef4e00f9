"""Writes what PyTorch computes for three updates of REINFORCE, as the fixture of ReinforceReferenceTest.

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install torch==2.7.1 numpy
    /tmp/reference/bin/python src/test/python/reinforce_reference.py src/test/resources/engram

Weights and episodes come from the formula of learner_reference.py. Recurrent networks run on torch.nn.LSTM and
torch.nn.GRU, one episode after the other.
"""

import json
import pathlib
import sys

import torch
from learner_reference import dense, network, number, numbers, rounded, sample, samples, shapes

OBSERVATIONS, ACTIONS, WIDTH = 5, 3, 7
LAYERS = [8, 6]
LENGTHS = [4, 2, 5, 1]
CUT = [2, 3]
DISCOUNT, RATE, BASELINE_RATE, ENTROPY = 0.9, 0.01, 0.02, 0.05
LOW, HIGH = torch.tensor([-2.0, -1.0]), torch.tensor([2.0, 4.0])


def named(kind, outputs):
    gates = {"none": 0, "lstm": 4, "gru": 3}[kind] * WIDTH
    memory = [
        ("memory.inputs.weight", (gates, LAYERS[-1])),
        ("memory.inputs.bias", (gates,)),
        ("memory.carried.weight", (gates, WIDTH)),
        ("memory.carried.bias", (gates,)),
    ]
    trunk = shapes("trunk", OBSERVATIONS, LAYERS)
    return trunk + (memory if gates else []) + shapes("head", WIDTH if gates else LAYERS[-1], [outputs])


def forward(parameters, kind, rows):
    hidden = dense(parameters, "trunk", rows, 2, False)
    if kind != "none":
        layer = (torch.nn.LSTM if kind == "lstm" else torch.nn.GRU)(LAYERS[-1], WIDTH)
        weights = {
            "weight_ih_l0": parameters["memory.inputs.weight"],
            "bias_ih_l0": parameters["memory.inputs.bias"],
            "weight_hh_l0": parameters["memory.carried.weight"],
            "bias_hh_l0": parameters["memory.carried.bias"],
        }
        hidden = torch.func.functional_call(layer, weights, (hidden,))[0]
    return dense(parameters, "head", hidden, 1, True)


def episodes(salt, discrete, masked):
    result = []
    for episode, length in enumerate(LENGTHS):
        at = salt + 10 * episode
        if discrete:
            actions = torch.tensor([int(number(i, at + 1) * ACTIONS) for i in range(length)])
        else:
            actions = LOW + (numbers(2 * length, at + 1, 0.99).reshape(length, 2) + 1) / 2 * (HIGH - LOW)
        allowed = torch.ones(length, ACTIONS, dtype=torch.bool)
        for step in range(length):
            for action in range(ACTIONS):
                if masked and number(step * ACTIONS + action, at + 3) < 0.4 and action != actions[step]:
                    allowed[step, action] = False
        result.append(
            {
                "observations": numbers((length + 1) * OBSERVATIONS, at, 1.0).reshape(length + 1, OBSERVATIONS),
                "actions": actions,
                "rewards": numbers(length, at + 2, 3.0),
                "allowed": allowed,
                "cut": episode in CUT,
            }
        )
    return result


def reinforce(kind, discrete, masked, baseline_updates, normalized, clip):
    policy_named = named(kind, ACTIONS if discrete else 2) + ([] if discrete else [("logDeviation", (2,))])
    policy, values = network(policy_named, 0), network(named(kind, 1), 50)
    adam = torch.optim.Adam(policy.values(), lr=RATE)
    value_adam = torch.optim.Adam(values.values(), lr=BASELINE_RATE)
    result = []
    for update in range(3):
        lived = episodes(100 + 100 * update, discrete, masked)
        returns, expected = [], []
        for one in lived:
            with torch.no_grad():
                judged = forward(values, kind, one["observations"]).squeeze(1)
            following = judged[-1].item() if one["cut"] and baseline_updates else 0.0
            sums = []
            for reward in reversed(one["rewards"].tolist()):
                following = reward + DISCOUNT * following
                sums.insert(0, following)
            returns.append(torch.tensor(sums))
            expected.append(judged[:-1] if baseline_updates else torch.zeros(len(sums)))
        returns, expected = torch.cat(returns), torch.cat(expected)
        advantages = returns - expected
        if normalized:
            advantages = (advantages - advantages.mean()) / (advantages.std(correction=0) + 1e-8)
        now = {}
        for step in range(baseline_updates):
            judged = torch.cat([forward(values, kind, one["observations"][:-1]).squeeze(1) for one in lived])
            value_loss = ((judged - returns) ** 2).mean()
            value_adam.zero_grad()
            value_loss.backward()
            torch.nn.utils.clip_grad_norm_(values.values(), clip)
            value_adam.step()
            if step == 0:
                now["valueLoss"] = value_loss.item()
        logarithms, entropies = [], []
        for one in lived:
            outputs = forward(policy, kind, one["observations"][:-1])
            if discrete:
                drawn = torch.distributions.Categorical(logits=outputs.masked_fill(~one["allowed"], -1e8))
                logarithms.append(drawn.log_prob(one["actions"]))
                entropies.append(drawn.entropy())
            else:
                drawn = torch.distributions.Normal(outputs, policy["logDeviation"].exp())
                before = torch.atanh(2 * (one["actions"] - LOW) / (HIGH - LOW) - 1)
                logarithms.append(drawn.log_prob(before).sum(1))
                entropies.append(drawn.entropy().sum(1))
        loss = -(torch.cat(logarithms) * advantages).mean() - ENTROPY * torch.cat(entropies).mean()
        adam.zero_grad()
        loss.backward()
        now["gradients"] = {name: sample(value.grad) for name, value in policy.items()}
        now["norm"] = torch.nn.utils.clip_grad_norm_(policy.values(), clip).item()
        adam.step()
        now["loss"] = loss.item()
        now["entropy"] = torch.cat(entropies).mean().item()
        now["policy"] = samples(policy)
        now["values"] = samples(values)
        result.append(now)
    return result


def main():
    result = {
        "formatVersion": 1,
        "torch": torch.__version__,
        "plain": reinforce("none", True, False, 0, False, 1e9),
        "masked": reinforce("none", True, True, 1, True, 0.1),
        "continuous": reinforce("none", False, False, 2, True, 1e9),
        "lstm": reinforce("lstm", True, True, 1, False, 1e9),
        "gru": reinforce("gru", False, False, 1, True, 1e9),
    }
    target = pathlib.Path(sys.argv[1]) / "agent" / "reinforce-reference.json"
    target.write_text(json.dumps(rounded(result), separators=(",", ":")) + "\n")


main()
