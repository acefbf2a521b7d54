"""DGL's own PinSage example as a yardstick: dgl_pinsage.py EXAMPLE FOLDER HIDDEN BATCH WALKS KEPT RATE SECONDS...

EXAMPLE is the folder examples/pytorch/pinsage of DGL's sources, of which sampler.py and model.py are used as they
are. FOLDER holds boards.bin and pins.bin, one uint32 an edge. The model has no feature but a pin's id. Trains on one
thread for the CPU seconds of the last of SECONDS; after each of them writes FOLDER/SECONDS.bin, the pins' vectors
as float32, and prints a line: CPU seconds of training so far, pairs, columns. Embedding is not counted.
"""
import os

os.environ["OMP_NUM_THREADS"] = "1"
import sys
import time

import dgl
import numpy
import torch

example, folder = sys.argv[1:3]
hidden, batch_size, walks, kept = (int(argument) for argument in sys.argv[3:7])
rate = float(sys.argv[7])
marks = sys.argv[8:]
sys.path.insert(0, example)
import model as pinsage
import sampler

torch.manual_seed(0)
dgl.seed(0)
torch.set_num_threads(1)

boards, pins = (
    torch.from_numpy(numpy.fromfile(os.path.join(folder, name), numpy.uint32).astype(numpy.int64))
    for name in ("boards.bin", "pins.bin")
)
pin_count = int(pins.max()) + 1
graph = dgl.heterograph(
    {("board", "holds", "pin"): (boards, pins), ("pin", "on", "board"): (pins, boards)},
    num_nodes_dict={"board": int(boards.max()) + 1, "pin": pin_count},
)
for kind in ("board", "pin"):
    graph.nodes[kind].data["id"] = torch.arange(graph.num_nodes(kind))
pairs_of = iter(sampler.ItemToItemBatchSampler(graph, "board", "pin", batch_size))
neighbours = sampler.NeighborSampler(graph, "board", "pin", 2, 0.5, walks, kept, 2)
collator = sampler.PinSAGECollator(neighbours, graph, "pin", {})
model = pinsage.PinSAGEModel(graph, "pin", {}, hidden, 2)
optimiser = torch.optim.Adam(model.parameters(), lr=rate)


def step():
    drawn = next(pairs_of)
    positive, negative, blocks = collator.collate_train([drawn])
    loss = model(positive, negative, blocks).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return len(drawn[0])


def embedded():
    model.eval()
    with torch.no_grad():
        rows = [model.get_repr(collator.collate_test(part)) for part in torch.arange(pin_count).split(256)]
    model.train()
    return torch.cat(rows).numpy()


pairs = 0
spent = 0.0
for mark in marks:
    while spent < float(mark):
        started = time.process_time()
        pairs += step()
        spent += time.process_time() - started
    embedded().astype(numpy.float32).tofile(os.path.join(folder, f"{mark}.bin"))
    print(f"{spent:.3f} {pairs} {hidden}", flush=True)
