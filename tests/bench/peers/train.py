"""PyTorch's side of the training benchmark: one SimCLR step of the digits network, timed on request.

Reads a line "STEPS" from standard input, runs that many steps, and prints the seconds they took. Ends at end of input.
"""
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

threads, views = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)


class DigitsNet(nn.Module):
    """[conv 3x3, batch norm, ReLU] x 3, global average pool, Linear-ReLU-Linear."""

    def __init__(self, channels=(32, 64, 128), strides=(1, 2, 1), dimension=128):
        super().__init__()
        layers, width = [], 1
        for out, stride in zip(channels, strides):
            layers += [nn.Conv2d(width, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
            width = out
        self.features = nn.Sequential(*layers)
        self.projection = nn.Sequential(nn.Linear(width, dimension), nn.ReLU(inplace=True), nn.Linear(dimension, dimension))

    def forward(self, pixels):
        return self.projection(self.features(pixels).mean((2, 3)))


def nt_xent(z, temperature=0.5):
    """Both views of all images in one batch: rows i and i + n/2 belong together."""
    n = z.shape[0]
    z = F.normalize(z)
    logits = z @ z.T / temperature
    logits.fill_diagonal_(-1e9)
    return F.cross_entropy(logits, (torch.arange(n) + n // 2) % n)


net = DigitsNet().to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-4)
pixels = torch.rand(views, 1, 8, 8).contiguous(memory_format=torch.channels_last)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = nt_xent(net(pixels))
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(5):
    step()
print(torch.__version__, flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        step()
    print(time.perf_counter() - start, flush=True)
