"""Writes what PyTorch computes for the multi-resolution autoencoder and for Adam, as the fixtures of
AutoencoderReferenceTest and AdamTest.

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install torch==2.7.1 numpy
    /tmp/reference/bin/python src/test/python/autoencoder_reference.py src/test/resources/engram

Weights and inputs come from a formula that both sides compute exactly, so the fixtures hold results only.
"""

import json
import pathlib
import sys

import torch
import torch.nn as nn

FEATURES, ROWS = 13, 5
torch.set_num_threads(1)


def number(index, salt):
    """A number in [0,1) for an index: a hash of 32 bits, exact in 64-bit floating point."""
    x = (index * 2654435761 + salt * 40503 + 1) & 0xFFFFFFFF
    x = ((x ^ (x >> 15)) * 2246822519) & 0xFFFFFFFF
    x = ((x ^ (x >> 13)) * 3266489917) & 0xFFFFFFFF
    return (x ^ (x >> 16)) / 4294967296


def fill(tensor, salt, scale):
    values = [(2 * number(i, salt) - 1) * scale for i in range(tensor.numel())]
    with torch.no_grad():
        tensor.copy_(torch.tensor(values, dtype=torch.float64).to(torch.float32).reshape(tensor.shape))


class Autoencoder(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(features, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU())
        self.stm_bottleneck = nn.Linear(256, 384)
        self.im_bottleneck = nn.Linear(384, 128)
        self.ltm_bottleneck = nn.Linear(128, 32)
        self.ltm_to_im = nn.Linear(32, 128)
        self.im_to_stm = nn.Linear(128, 384)
        self.decoder = nn.Sequential(
            nn.Linear(384, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, features), nn.Sigmoid()
        )

    def encode(self, x):
        stm = self.stm_bottleneck(self.encoder(x))
        im = self.im_bottleneck(stm)
        return stm, im, self.ltm_bottleneck(im)

    def decode(self, stm, im, ltm):
        return (
            self.decoder(stm),
            self.decoder(self.im_to_stm(im)),
            self.decoder(self.im_to_stm(self.ltm_to_im(ltm))),
        )


def distances(rows):
    squares = (rows**2).sum(1)
    return torch.clamp(squares[:, None] + squares[None] - 2 * rows @ rows.T, min=1e-8).sqrt()


def loss(model, x, mask, neighbourhood):
    vectors = model.encode(x)
    errors = [(((rebuilt - x) ** 2) * mask).sum() / mask.sum() for rebuilt in model.decode(*vectors)]
    wanted = distances(x)
    scale = wanted + 0.05 * wanted.mean()
    full, compressed, abstracted = ((((distances(z) - wanted) / scale) ** 2).mean() for z in vectors)
    stress = 10 * (full + compressed) + abstracted
    return 0.5 * errors[0] + 0.3 * errors[1] + 0.2 * errors[2] + neighbourhood * stress, errors, stress


def start():
    model = Autoencoder(FEATURES)
    for salt, (name, parameter) in enumerate(model.named_parameters()):
        fill(parameter, salt, 0.1 if name.endswith("bias") else (3 / parameter.shape[1]) ** 0.5)
    return model


def sample(tensor):
    flat = tensor.detach().flatten()
    return [flat[i * (len(flat) - 1) // 9].item() for i in range(10)]


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return value


def autoencoder():
    x = torch.tensor([[number(r * FEATURES + i, 100) for i in range(FEATURES)] for r in range(ROWS)])
    mask = torch.tensor([[float(number(r * FEATURES + i, 101) < 0.7) for i in range(FEATURES)] for r in range(ROWS)])
    model = start()
    vectors = model.encode(x)
    rebuilt = model.decode(*vectors)
    total, errors, stress = loss(model, x, mask, 0.0)
    result = {
        "vectors": [z.tolist() for z in vectors],
        "rebuilt": [r.tolist() for r in rebuilt],
        "errors": [e.item() for e in errors],
        "stress": stress.item(),
        "loss": total.item(),
    }
    for name, neighbourhood in (("plain", 0.0), ("neighbourhood", 0.7)):
        model = start()
        adam = torch.optim.Adam(model.parameters(), lr=0.001)
        losses, gradients, after = [], {}, []
        for step in range(3):
            adam.zero_grad()
            value, _, _ = loss(model, x, mask, neighbourhood)
            value.backward()
            losses.append(value.item())
            if step == 0:
                for key, parameter in model.named_parameters():
                    gradients[key] = {"norm": parameter.grad.norm().item(), "sample": sample(parameter.grad)}
            adam.step()
            after.append({key: sample(parameter) for key, parameter in model.named_parameters()})
        result[name] = {"losses": losses, "gradients": gradients, "afterOne": after[0], "afterThree": after[2]}
    return result


def adam():
    """Ten steps over two parameters whose gradients come from the formula."""
    cases = {}
    for name, decay, clip in (("plain", 0.0, None), ("weightDecay", 0.1, None), ("clipped", 0.0, 0.5)):
        parameters = [nn.Parameter(torch.empty(3, 7)), nn.Parameter(torch.empty(5))]
        for salt, parameter in enumerate(parameters):
            fill(parameter, salt, 1.0)
        optimizer = torch.optim.Adam(parameters, lr=0.01, weight_decay=decay)
        for step in range(10):
            for salt, parameter in enumerate(parameters):
                parameter.grad = torch.empty_like(parameter)
                fill(parameter.grad, 1000 + 10 * step + salt, 1.0)
            if clip:
                torch.nn.utils.clip_grad_norm_(parameters, clip)
            optimizer.step()
        cases[name] = [p.detach().flatten().tolist() for p in parameters]
    return cases


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    for path, make in (("encoder/autoencoder-reference.json", autoencoder), ("tensor/adam-reference.json", adam)):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        content = {"formatVersion": 1, "torch": torch.__version__, **make()}
        target.write_text(json.dumps(rounded(content), separators=(",", ":")) + "\n")
        print(target, target.stat().st_size, "bytes")
