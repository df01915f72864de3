"""PyTorch's side of the training benchmark: steps of one network, timed on request.

Arguments: threads, network (digits, resnet-16, resnet-18), batch, precision (fp32, or bf16 by autocast). Prints its version, then for each
line "train STEPS" or "embed STEPS" on standard input the seconds that those steps took. Ends at end of input.
"""
import sys
import time

import torch

from networks import named, nt_xent

threads, network, batch, precision = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(threads)
torch.manual_seed(0)

net, shape = named(network)
net = net.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-4)
autocast = lambda: torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16")
pixels = torch.rand(batch, *shape).contiguous(memory_format=torch.channels_last)


def train():
    net.train()
    optimizer.zero_grad(set_to_none=True)
    with autocast():
        loss = nt_xent(net(pixels).float(), 0.5)
    loss.backward()
    optimizer.step()
    return loss.item()


@torch.no_grad()
def embed():
    net.eval()
    with autocast():
        return net(pixels)


for _ in range(3):
    train()
print(torch.__version__, flush=True)
for line in sys.stdin:
    what, steps = line.split()
    start = time.perf_counter()
    for _ in range(int(steps)):
        (train if what == "train" else embed)()
    print(time.perf_counter() - start, flush=True)
