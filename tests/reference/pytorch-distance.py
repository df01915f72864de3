# How far PyTorch's own float32 gradients (CPU, channels_last) are from its float64 ones, on the networks of tests/nodes/tensor/cases/steps.ts
# with the same numbers. Run by hand: python tests/reference/pytorch-distance.py; the figures stand in tests/nodes/tensor/training.test.ts.
import numpy
import torch
import torch.nn.functional as F

NETWORKS = {
    # name: architecture, channels, strides or blocks, input, dimension, views
    "digits": ("small", [16, 32], [1, 2], (8, 8, 1), 16, 16),
    "residual": ("resnet", [16, 32], [1, 1], (8, 8, 3), 16, 8),
}
SEEDS = range(1, 21)


def numbers(seed, shape, low=-1.0, high=1.0):
    """The generator of tests/nodes/tensor/parity.ts."""
    count, state = int(numpy.prod(shape)), (seed * 2654435761 + 12345) % 2**32
    made = numpy.empty(count)
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        made[i] = low + (high - low) * state / 2**32
    return made.astype(numpy.float32).reshape(shape)


def convolutions(architecture, channels, counts, inputs):
    """name, size, stride, from, to: in the order of nodes/networks."""
    if architecture == "small":
        ins = [inputs[2], *channels[:-1]]
        return [(f"layer{i + 1}", 3, counts[i], ins[i], channels[i]) for i in range(len(channels))]
    made, width = [("stem", 3, 1, inputs[2], channels[0])], channels[0]
    for stage, to in enumerate(channels):
        for block in range(counts[stage]):
            stride = 2 if stage > 0 and block == 0 else 1
            name = f"stage{stage + 1}/block{block + 1}"
            made += [(f"{name}/first", 3, stride, width, to), (f"{name}/second", 3, 1, to, to)]
            if width != to or stride != 1:
                made.append((f"{name}/shortcut", 1, stride, width, to))
            width = to
    return made


def weights_of(spec, seed):
    architecture, channels, counts, inputs, dimension, _ = spec
    weights, place = {}, seed * 1000
    for name, size, _, into, to in convolutions(architecture, channels, counts, inputs):
        place += 1
        bound = (size * size * into) ** -0.5
        weights[f"{name}/filter"] = numbers(place, (size, size, into, to), -bound, bound)
        weights[f"{name}/scale"] = numpy.ones(to, numpy.float32)
        weights[f"{name}/offset"] = numpy.zeros(to, numpy.float32)
    hidden = dimension if architecture == "small" else channels[-1]
    for name, into, to in (("projection/first", channels[-1], hidden), ("projection/second", hidden, dimension)):
        place += 2
        weights[f"{name}/weight"] = numbers(place - 1, (into, to), -(into**-0.5), into**-0.5)
        weights[f"{name}/bias"] = numbers(place, (to,), -(into**-0.5), into**-0.5)
    return weights


def gradients(spec, seed, dtype):
    architecture, channels, counts, inputs, _, views = spec
    layers = {name: (size, stride) for name, size, stride, _, _ in convolutions(architecture, channels, counts, inputs)}
    w = {}
    for name, array in weights_of(spec, seed).items():
        tensor = torch.tensor(array, dtype=dtype)
        if name.endswith("/filter"):  # HWIO to OIHW
            tensor = tensor.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)
        w[name] = tensor.requires_grad_()
    pixels = torch.tensor(numbers(seed, (views, *inputs), 0, 1), dtype=dtype).permute(0, 3, 1, 2)
    x = pixels.contiguous(memory_format=torch.channels_last)

    def convolve(name, x):
        size, stride = layers[name]
        y = F.conv2d(x, w[f"{name}/filter"], stride=stride, padding=(size - 1) // 2)
        return F.batch_norm(y, None, None, w[f"{name}/scale"], w[f"{name}/offset"], training=True, eps=1e-5)

    if architecture == "small":
        for name in layers:
            x = F.relu(convolve(name, x))
    else:
        x = F.relu(convolve("stem", x))
        for name in layers:
            if not name.endswith("/first"):
                continue
            block = name[: -len("/first")]
            inner = convolve(f"{block}/second", F.relu(convolve(name, x)))
            x = F.relu(inner + (convolve(f"{block}/shortcut", x) if f"{block}/shortcut" in layers else x))
    h = x.mean((2, 3))
    h = F.relu(h @ w["projection/first/weight"] + w["projection/first/bias"])
    z = F.normalize(h @ w["projection/second/weight"] + w["projection/second/bias"])
    similarity = z @ z.T / 0.5
    similarity = similarity - torch.eye(views, dtype=dtype) * 1e9
    positives = (torch.arange(views) + views // 2) % views
    loss = F.cross_entropy(similarity, positives)
    loss.backward()
    return loss.item(), {name: tensor.grad.double() for name, tensor in w.items()}


if __name__ == "__main__":
    torch.set_num_threads(2)
    print("PyTorch", torch.__version__)
    for name, spec in NETWORKS.items():
        worst, middle = [], []
        for seed in SEEDS:
            (_, single), (loss, double) = gradients(spec, seed, torch.float32), gradients(spec, seed, torch.float64)
            away = sorted((float((single[k] - double[k]).norm() / double[k].norm()), k) for k in double)
            worst.append(away[-1])
            middle.append(away[len(away) // 2][0])
        print(f"{name}: worst parameter {max(worst)[0]:.2e} ({max(worst)[1]}), its median over seeds {sorted(worst)[len(worst) // 2][0]:.2e};"
              f" median parameter {sorted(middle)[len(middle) // 2]:.2e}; loss of seed {seed}: {loss:.12f}")
