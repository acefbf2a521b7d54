"""DGL's PinSAGESampler as a yardstick: dgl_walks.py WALKS TRAVERSALS KEPT < input

The input is that of walks.cc: pin offsets, the pins' boards, board offsets, the boards' pins and seeds, each
a length and uint32 values, then one byte a round. The restart probability is 1/2. Prints one line a round:
CPU seconds of this process for all seeds, in batches of 1000, on one thread.
"""
import os

os.environ["OMP_NUM_THREADS"] = "1"
import sys
import time

import dgl
import numpy
import torch

torch.set_num_threads(1)


def column():
    length = int(numpy.frombuffer(sys.stdin.buffer.read(4), numpy.uint32)[0])
    return numpy.frombuffer(sys.stdin.buffer.read(4 * length), numpy.uint32).astype(numpy.int64)


walks, traversals, kept = (int(argument) for argument in sys.argv[1:])
pin_offsets, pin_boards, board_offsets, _, seeds = (column() for _ in range(5))
pins = torch.from_numpy(numpy.repeat(numpy.arange(len(pin_offsets) - 1), numpy.diff(pin_offsets)))
boards = torch.from_numpy(pin_boards)
graph = dgl.heterograph(
    {("pin", "on", "board"): (pins, boards), ("board", "holds", "pin"): (boards, pins)},
    num_nodes_dict={"pin": len(pin_offsets) - 1, "board": len(board_offsets) - 1},
)
graph = graph.formats(["csr", "csc"])
graph.create_formats_()
sampler = dgl.sampling.PinSAGESampler(graph, "pin", "board", traversals, 0.5, walks, kept)
batches = torch.from_numpy(seeds).split(1000)
while sys.stdin.buffer.read(1):
    started = time.process_time()
    for batch in batches:
        sampler(batch)
    print(f"{time.process_time() - started:.6f} nan", flush=True)
