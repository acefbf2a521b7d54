"""Vectors batch by batch with DGL, as a yardstick: dgl_embed.py WALKS KEPT BATCH LAYERS INPUTS HIDDEN DIMENSION < input

The input is that of walks.cc; the seeds are the pins to embed. Each batch samples its neighbourhoods with
PinSAGESampler, layer after layer outwards, and computes all that its pins depend on, with the layers of
src/model/convolution.ts and random weights. Features are random. Prints one line a round: CPU seconds for all
seeds, of them the seconds of sampling, and the mean number of pins whose features a batch reads.
"""
import os

os.environ["OMP_NUM_THREADS"] = "1"
import sys
import time

import dgl
import dgl.function as fn
import numpy
import torch
from torch import nn
from torch.nn.functional import normalize, relu

torch.set_num_threads(1)
torch.manual_seed(0)


def column():
    length = int(numpy.frombuffer(sys.stdin.buffer.read(4), numpy.uint32)[0])
    return numpy.frombuffer(sys.stdin.buffer.read(4 * length), numpy.uint32).astype(numpy.int64)


class Convolution(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.neighbour = nn.Linear(inputs, hidden)
        self.own = nn.Linear(inputs, hidden)
        self.pooled = nn.Linear(hidden, hidden, bias=False)

    def forward(self, block, h):
        block.srcdata["h"] = relu(self.neighbour(h))
        block.update_all(fn.u_mul_e("h", "weight", "m"), fn.sum("m", "pooled"))
        own = self.own(h[: block.num_dst_nodes()])
        return normalize(relu(own + self.pooled(block.dstdata["pooled"])), dim=1)


walks, kept, batch, layers, inputs, hidden, dimension = (int(argument) for argument in sys.argv[1:])
pin_offsets, pin_boards, board_offsets, _, seeds = (column() for _ in range(5))
pin_count = len(pin_offsets) - 1
pins = torch.from_numpy(numpy.repeat(numpy.arange(pin_count), numpy.diff(pin_offsets)))
boards = torch.from_numpy(pin_boards)
graph = dgl.heterograph(
    {("pin", "on", "board"): (pins, boards), ("board", "holds", "pin"): (boards, pins)},
    num_nodes_dict={"pin": pin_count, "board": len(board_offsets) - 1},
)
graph = graph.formats(["csr", "csc"])
graph.create_formats_()
sampler = dgl.sampling.PinSAGESampler(graph, "pin", "board", 2, 0.5, walks, kept)
features = torch.randn(pin_count, inputs)
convolutions = [Convolution(inputs if layer == 0 else hidden, hidden) for layer in range(layers)]
head = nn.Sequential(nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, dimension, bias=False))
content = nn.Linear(inputs, dimension, bias=False)


def sample(nodes):
    blocks = []
    for _ in range(layers):
        frontier = sampler(nodes)
        block = dgl.to_block(frontier, nodes)
        counts = frontier.edata["weights"][block.edata[dgl.EID]].float()
        block.edata["count"] = counts
        block.update_all(fn.copy_e("count", "m"), fn.sum("m", "total"))
        _, targets = block.edges()
        block.edata["weight"] = (counts / block.dstdata["total"][targets])[:, None]
        nodes = block.srcdata[dgl.NID]
        blocks.insert(0, block)
    return blocks, nodes


batches = torch.from_numpy(seeds).split(batch)
while sys.stdin.buffer.read(1):
    sampling = total = 0.0
    read = 0
    with torch.no_grad():
        for targets in batches:
            started = time.process_time()
            blocks, nodes = sample(targets)
            sampling += time.process_time() - started
            own = features[nodes]
            h = own
            for convolution, block in zip(convolutions, blocks):
                h = convolution(block, h)
            z = normalize(head(h) + content(own[: len(targets)]), dim=1)
            total += time.process_time() - started
            read += len(nodes)
    print(f"{total:.6f} {sampling:.6f} {read / len(batches):.0f}", flush=True)
