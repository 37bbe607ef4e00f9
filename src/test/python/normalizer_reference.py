"""Writes what PyTorch computes for the variational autoencoder of observations, as the fixture of NormalizerReferenceTest.

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install torch==2.7.1 numpy
    /tmp/reference/bin/python src/test/python/normalizer_reference.py src/test/resources/engram

Weights, rows and noise come from the formula of learner_reference.py.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as functional
from learner_reference import matrix, network, rounded, sample, samples

WIDTH, LATENT, ROWS, LAYERS, DIVERGENCE, RATE = 5, 256, 7, [16, 12], 0.05, 0.01


def main():
    named, inputs = [], WIDTH
    for layer, width in enumerate(LAYERS):
        named += [(f"encoder.{layer}.weight", (width, inputs)), (f"encoder.{layer}.bias", (width,))]
        inputs = width
    for name in ("mean", "logVariance"):
        named += [(f"{name}.weight", (LATENT, inputs)), (f"{name}.bias", (LATENT,))]
    inputs = LATENT
    for layer, width in enumerate([*reversed(LAYERS), WIDTH]):
        named += [(f"decoder.{layer}.weight", (width, inputs)), (f"decoder.{layer}.bias", (width,))]
        inputs = width
    parameters = network(named, 0)
    adam = torch.optim.Adam(parameters.values(), lr=RATE)

    def linear(name, rows):
        return functional.linear(rows, parameters[f"{name}.weight"], parameters[f"{name}.bias"])

    result = []
    for update in range(3):
        rows, noise = matrix(ROWS, WIDTH, 100 + update, 1.5), matrix(ROWS, LATENT, 200 + update, 1.5)
        hidden = rows
        for layer in range(len(LAYERS)):
            hidden = functional.relu(linear(f"encoder.{layer}", hidden))
        mean, variance = linear("mean", hidden), linear("logVariance", hidden).clamp(-10, 10)
        rebuilt = mean + torch.exp(0.5 * variance) * noise
        for layer in range(len(LAYERS)):
            rebuilt = functional.relu(linear(f"decoder.{layer}", rebuilt))
        rebuilt = linear(f"decoder.{len(LAYERS)}", rebuilt)
        reconstruction = functional.mse_loss(rebuilt, rows)
        latent = torch.distributions.Normal(mean, torch.exp(0.5 * variance))
        normal = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
        divergence = torch.distributions.kl_divergence(latent, normal).mean()
        loss = reconstruction + DIVERGENCE * divergence
        adam.zero_grad()
        loss.backward()
        result.append(
            {
                "reconstruction": reconstruction.item(),
                "divergence": divergence.item(),
                "loss": loss.item(),
                "gradients": {name: sample(value.grad) for name, value in parameters.items()},
            }
        )
        adam.step()
        result[-1]["after"] = samples(parameters)
        result[-1]["means"] = sample(mean)
    target = pathlib.Path(sys.argv[1]) / "encoder" / "normalizer-reference.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    content = {"formatVersion": 1, "torch": torch.__version__, "updates": result}
    target.write_text(json.dumps(rounded(content), separators=(",", ":")) + "\n")


main()
