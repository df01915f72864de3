"""The benchmarks' networks and loss in PyTorch: the same layers as nodes/networks builds."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width, out, stride):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(width, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True))
        self.second = nn.Sequential(nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out))
        same = stride == 1 and width == out
        self.shortcut = nn.Identity() if same else nn.Sequential(nn.Conv2d(width, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + self.shortcut(x))


class Net(nn.Module):
    """Features, global average pool, Linear-ReLU-Linear."""

    def __init__(self, features, width, hidden, dimension=128):
        super().__init__()
        self.features = features
        self.projection = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, dimension))

    def forward(self, pixels):
        return self.projection(self.features(pixels).mean((2, 3)))


def digits(channels=(32, 64, 128), strides=(1, 2, 1)):
    layers, width = [], 1
    for out, stride in zip(channels, strides):
        layers += [nn.Conv2d(width, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
        width = out
    return Net(nn.Sequential(*layers), width, 128), (1, 8, 8)


def resnet(first, blocks):
    layers = [nn.Conv2d(3, first, 3, 1, 1, bias=False), nn.BatchNorm2d(first), nn.ReLU(inplace=True)]
    width = first
    for stage in range(4):
        for at in range(blocks):
            out = first << stage
            layers.append(Block(width, out, 2 if stage > 0 and at == 0 else 1))
            width = out
    return Net(nn.Sequential(*layers), width, width), (3, 32, 32)


def named(name):
    """The network of this name and the shape of an image that it takes."""
    return {"digits": digits, "resnet-16": lambda: resnet(16, 1), "resnet-18": lambda: resnet(64, 2)}[name]()


def nt_xent(z, temperature):
    """Both views of all images in one batch: rows i and i + n/2 belong together."""
    n = z.shape[0]
    z = F.normalize(z)
    logits = z @ z.T / temperature
    logits.fill_diagonal_(-1e9)
    return F.cross_entropy(logits, (torch.arange(n) + n // 2) % n)
