"""Writes what PyTorch computes for one and for three updates of the learners, as the fixture of LearnerReferenceTest.

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install torch==2.7.1 numpy
    /tmp/reference/bin/python src/test/python/learner_reference.py src/test/resources/engram

Weights, batches and noise come from a formula that both sides compute exactly, so the fixture holds results only. The
updates follow the papers named in the learners, in the order of Stable-Baselines3.
"""

import copy
import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as functional

OBSERVATIONS, ACTIONS, LOCAL, MEMORY = 5, 3, 6, 4
ROWS = LOCAL + MEMORY
LAYERS = [8, 6]
DISCOUNT, RATE, BLEND = 0.9, 0.01, 0.25
torch.set_num_threads(1)


def number(index, salt):
    """A number in [0,1) for an index: a hash of 32 bits, exact in 64-bit floating point."""
    x = (index * 2654435761 + salt * 40503 + 1) & 0xFFFFFFFF
    x = ((x ^ (x >> 15)) * 2246822519) & 0xFFFFFFFF
    x = ((x ^ (x >> 13)) * 3266489917) & 0xFFFFFFFF
    return (x ^ (x >> 16)) / 4294967296


def numbers(count, salt, scale):
    values = [(2 * number(i, salt) - 1) * scale for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).to(torch.float32)


def matrix(rows, columns, salt, scale):
    return numbers(rows * columns, salt, scale).reshape(rows, columns)


def shapes(prefix, inputs, widths):
    result = []
    for layer, width in enumerate(widths):
        result += [(f"{prefix}.{layer}.weight", (width, inputs)), (f"{prefix}.{layer}.bias", (width,))]
        inputs = width
    return result


def network(named, salt):
    """Parameters by name; salt tells the networks apart."""
    parameters = {}
    for place, (name, shape) in enumerate(named):
        scale = (3 / shape[1]) ** 0.5 if len(shape) == 2 else 0.1
        values = numbers(math.prod(shape), salt + place, scale).reshape(shape)
        parameters[name] = values.clone().requires_grad_(True)
    return parameters


def dense(parameters, prefix, rows, layers, output):
    for layer in range(layers):
        rows = functional.linear(rows, parameters[f"{prefix}.{layer}.weight"], parameters[f"{prefix}.{layer}.bias"])
        if layer < layers - 1 or not output:
            rows = functional.relu(rows)
    return rows


def batch(action_width, salt):
    actions = (
        torch.tensor([int(number(i, salt + 1) * ACTIONS) for i in range(ROWS)])
        if action_width == 0
        else matrix(ROWS, action_width, salt + 1, 1.5)
    )
    return {
        "observations": matrix(ROWS, OBSERVATIONS, salt, 1.0),
        "actions": actions,
        "rewards": numbers(ROWS, salt + 2, 3.0),
        "next": matrix(ROWS, OBSERVATIONS, salt + 3, 1.0),
        "terminated": torch.tensor([float(number(i, salt + 4) < 0.3) for i in range(ROWS)]),
        "steps": torch.tensor([1 + int(number(i, salt + 5) * 3) for i in range(ROWS)], dtype=torch.float32),
        "weights": torch.tensor([0.25 + 0.75 * number(i, salt + 6) for i in range(ROWS)]),
    }


def sample(tensor):
    flat = tensor.detach().flatten()
    return [flat[i * (len(flat) - 1) // 9].item() for i in range(10)]


def samples(parameters):
    return {name: sample(value) for name, value in parameters.items()}


def blend(target, online):
    with torch.no_grad():
        for name, value in target.items():
            value.add_(BLEND * (online[name] - value))


def dqn(double, dueling, squared, clip):
    widths = LAYERS if dueling else [*LAYERS, ACTIONS]
    named = shapes("trunk", OBSERVATIONS, widths)
    if dueling:
        named += shapes("value", LAYERS[-1], [1]) + shapes("advantage", LAYERS[-1], [ACTIONS])
    online, target = network(named, 0), network(named, 50)
    adam = torch.optim.Adam(online.values(), lr=RATE)

    def values(parameters, rows):
        if not dueling:
            return dense(parameters, "trunk", rows, 3, True)
        trunk = dense(parameters, "trunk", rows, 2, False)
        advantage = dense(parameters, "advantage", trunk, 1, True)
        return dense(parameters, "value", trunk, 1, True) + advantage - advantage.mean(1, keepdim=True)

    result = {"updates": []}
    for update in range(3):
        b = batch(0, 100 + 10 * update)
        with torch.no_grad():
            judged = values(target, b["next"])
            best = (values(online, b["next"]) if double else judged).argmax(1)
            following = judged.gather(1, best[:, None]).squeeze(1)
            wanted = b["rewards"] + (1 - b["terminated"]) * DISCOUNT ** b["steps"] * following
        taken = values(online, b["observations"]).gather(1, b["actions"][:, None]).squeeze(1)
        each = (functional.mse_loss if squared else functional.smooth_l1_loss)(taken, wanted, reduction="none")
        loss = (each * b["weights"]).mean()
        adam.zero_grad()
        loss.backward()
        gradients = {name: sample(value.grad) for name, value in online.items()}
        norm = torch.nn.utils.clip_grad_norm_(online.values(), clip if clip else math.inf).item()
        adam.step()
        blend(target, online)
        weighted = each * b["weights"]
        result["updates"].append(
            {
                "loss": loss.item(),
                "local": weighted[:LOCAL].mean().item(),
                "memory": weighted[LOCAL:].mean().item(),
                "errors": (taken - wanted).abs().tolist(),
                "norm": norm,
                "gradients": gradients,
                "after": samples(online),
                "target": samples(target),
            }
        )
    return result


def sac(smooth, tuned):
    actions = 2
    trunk = shapes("trunk", OBSERVATIONS, LAYERS)
    named = trunk + shapes("mean", LAYERS[-1], [actions])
    named += [("logDeviations", (LAYERS[-1], actions))] if smooth else shapes("logDeviation", LAYERS[-1], [actions])
    actor = network(named, 0)
    wide = [s for prefix in ("first", "second") for s in shapes(prefix, OBSERVATIONS + actions, [*LAYERS, 1])]
    critics, targets = network(wide, 50), network(wide, 80)
    alpha_log = torch.tensor(math.log(0.5), dtype=torch.float32, requires_grad=True)
    actor_adam = torch.optim.Adam(actor.values(), lr=RATE)
    critic_adam = torch.optim.Adam(critics.values(), lr=RATE)
    alpha_adam = torch.optim.Adam([alpha_log], lr=RATE)
    draws = iter(range(1000, 2000))

    def drawn(rows):
        hidden = dense(actor, "trunk", rows, 2, False)
        mean = dense(actor, "mean", hidden, 1, True)
        if smooth:
            hidden = hidden.detach()
            normals = matrix(LAYERS[-1], actions, next(draws), 1.5)
            deviations = actor["logDeviations"].exp()
            deviation = (hidden**2 @ deviations**2 + 1e-6).sqrt()
            mean = torch.clamp(mean, -2, 2)
            gaussian = mean + hidden @ (deviations * normals)
        else:
            deviation = dense(actor, "logDeviation", hidden, 1, True).clamp(-20, 2).exp()
            gaussian = mean + deviation * matrix(len(rows), actions, next(draws), 1.5)
        action = torch.tanh(gaussian)
        density = torch.distributions.Normal(mean, deviation).log_prob(gaussian).sum(1)
        return action, density - torch.log(1 - action**2 + 1e-6).sum(1)

    def judge(parameters, rows):
        return [dense(parameters, name, rows, 3, True).squeeze(1) for name in ("first", "second")]

    result = {"updates": []}
    for update in range(3):
        b = batch(actions, 200 + 10 * update)
        alpha = alpha_log.exp().item()
        with torch.no_grad():
            action, density = drawn(b["next"])
            following = torch.min(*judge(targets, torch.cat([b["next"], action], 1)))
            wanted = b["rewards"] + (1 - b["terminated"]) * DISCOUNT ** b["steps"] * (following - alpha * density)
        # Actions go from -2 to 2 in the first place and from -1 to 4 in the second.
        low, high = torch.tensor([-2.0, -1.0]), torch.tensor([2.0, 4.0])
        taken = 2 * (b["actions"] - low) / (high - low) - 1
        first, second = judge(critics, torch.cat([b["observations"], taken], 1))
        each = 0.5 * ((first - wanted) ** 2 + (second - wanted) ** 2) * b["weights"]
        critic_adam.zero_grad()
        each.mean().backward()
        critic_adam.step()
        action, density = drawn(b["observations"])
        actor_loss = (alpha * density - torch.min(*judge(critics, torch.cat([b["observations"], action], 1)))).mean()
        actor_adam.zero_grad()
        actor_loss.backward()
        actor_gradients = {name: sample(value.grad) for name, value in actor.items()}
        actor_adam.step()
        if tuned:
            alpha_loss = -(alpha_log * (density - actions).detach()).mean()
            alpha_adam.zero_grad()
            alpha_loss.backward()
            alpha_adam.step()
        blend(targets, critics)
        result["updates"].append(
            {
                "loss": each.mean().item(),
                "actorLoss": actor_loss.item(),
                "alpha": alpha,
                "actorGradients": actor_gradients,
                "actor": samples(actor),
                "critics": samples(critics),
                "targets": samples(targets),
            }
        )
    return result


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return value


def main():
    result = {
        "formatVersion": 1,
        "torch": torch.__version__,
        "dqn": {
            "plain": dqn(False, False, False, None),
            "double": dqn(True, False, False, None),
            "dueling": dqn(True, True, True, None),
            "clipped": dqn(False, False, True, 0.5),
        },
        "sac": {"tuned": sac(False, True), "smooth": sac(True, False)},
    }
    target = pathlib.Path(sys.argv[1]) / "agent" / "learner-reference.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(rounded(result), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
