"""How fast PyTorch encodes what EncodeBenchmark encodes: three layers, 512 → 512 → 256 → 384, one thread.

Prints a JSON object: microseconds a batch of one state and of 64, the medians of rounds.
"""

import json
import statistics
import time

import torch

ROUNDS = 15
SECONDS = 0.3


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    network = torch.nn.Sequential(torch.nn.Linear(512, 512), torch.nn.ReLU(), torch.nn.Linear(512, 256), torch.nn.ReLU(),
                                  torch.nn.Linear(256, 384)).eval()
    print(json.dumps({str(size): microseconds(network, torch.rand(size, 512)) for size in (1, 64)}))


@torch.inference_mode()
def microseconds(network, states):
    rounds = []
    for _ in range(ROUNDS):
        count, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < SECONDS:
            network(states)
            count += 1
        rounds.append((time.perf_counter() - begun) / count * 1e6)
    return statistics.median(rounds)


main()
