"""PyTorch's side of the epoch benchmark, as the SCAN repository trains SimCLR: PIL transforms in a DataLoader, then the step.

Arguments: threads, workers, network (resnet-16, resnet-18), batch, and a folder of images by class, or a file of uint8 [N, 32, 32, 3] that
is read into memory. Prints its version, then for each line on standard input the seconds that an epoch took. Ends at end of input.
Two transformed views of each image; SGD with momentum; batches that are not full are dropped.
"""
import os
import sys
import time

import numpy as np
import torch
import torchvision
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from networks import named, nt_xent

threads, workers, batch = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[4])
network, source = sys.argv[3], sys.argv[5]
torch.set_num_threads(threads)
torch.manual_seed(0)

view = transforms.Compose(
    [
        transforms.RandomResizedCrop(32, scale=(0.2, 1.0)),
        transforms.RandomHorizontalFlip(),
        transforms.RandomApply([transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)], p=0.8),
        transforms.RandomGrayscale(p=0.2),
        transforms.ToTensor(),
        transforms.Normalize([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010]),
    ]
)


def two_views(image):
    return view(image), view(image)


class InMemory(Dataset):
    """As torchvision's CIFAR10 holds its images."""

    def __init__(self, path):
        self.pixels = np.fromfile(path, np.uint8).reshape(-1, 32, 32, 3)

    def __len__(self):
        return len(self.pixels)

    def __getitem__(self, index):
        return two_views(Image.fromarray(self.pixels[index])), 0


images = torchvision.datasets.ImageFolder(source, two_views) if os.path.isdir(source) else InMemory(source)
# Workers stay between epochs: a real epoch is long, and starting them would weigh more in a short one.
loader = DataLoader(images, batch, shuffle=True, num_workers=workers, drop_last=True, persistent_workers=True)
net, _ = named(network)
net = net.to(memory_format=torch.channels_last).train()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)


def epoch():
    for (first, second), _ in loader:
        pixels = torch.cat([first, second]).contiguous(memory_format=torch.channels_last)
        loss = nt_xent(net(pixels), 0.1)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        loss.item()


print(f"{torch.__version__}, torchvision {torchvision.__version__}", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    epoch()
    print(time.perf_counter() - start, flush=True)
