"""PinSage's training step in PyTorch, as a yardstick: pinsage-step.py FOLDER [DEVICE] < one byte a step

FOLDER holds what dumpSteps in benchmarks/fixtures/training-steps.ts writes. Computes what
src/training/step.ts does, with the batches in turn. Prints one line a step: CPU seconds of this process, the
loss, seconds by the clock. OMP_NUM_THREADS sets the threads, DEVICE is cpu or cuda.
"""
import json
import os
import sys
import time

import numpy
import torch
from torch.nn.functional import embedding_bag

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
folder = sys.argv[1]
device = sys.argv[2] if len(sys.argv) > 2 else "cpu"
with open(os.path.join(folder, "arrays.json")) as file:
    options = json.load(file)
whole_numbers = ("indices", "offsets", "columns", "positives", "negatives")


def tensor(name):
    parts = name.split(".")
    whole = "shifts" not in parts and any(each in parts for each in whole_numbers)
    values = numpy.fromfile(os.path.join(folder, name), numpy.int32 if whole else numpy.float32)
    result = torch.from_numpy(values.reshape(options["shapes"][name])).to(device)
    return result.long() if whole else result


arrays = {name: tensor(name) for name in options["shapes"]}
prefix = "weight."
weights = {name[len(prefix):]: torch.nn.Parameter(each) for name, each in arrays.items() if name.startswith(prefix)}
optimiser = torch.optim.Adam(weights.values(), options["learningRate"], foreach=True)


def unit(x):
    return x / torch.sqrt((x * x).sum(1, keepdim=True) + 1e-12)


def vectors(batch):
    own = h = arrays[f"{batch}.inputs"]
    for layer in range(options["layers"]):
        name = f"convolution.{layer + 1}"
        indices = arrays[f"{batch}.indices.{layer}"]
        sources = torch.addmm(weights[f"{name}.neighbour.bias"], h, weights[f"{name}.neighbour.weight"]).relu_()
        importance = arrays[f"{batch}.weights.{layer}"]
        pooled = embedding_bag(indices, sources, per_sample_weights=importance, mode="sum")
        both = torch.addmm(weights[f"{name}.bias"], h[: len(indices)], weights[f"{name}.self.weight"])
        h = unit(torch.addmm(both, pooled, weights[f"{name}.pooled.weight"]).relu_())
    z = torch.addmm(weights["head.1.bias"], h, weights["head.1.weight"]).relu_() @ weights["head.2.weight"]
    if options["contentPath"]:
        z = torch.addmm(z, own[: len(z)], weights["content"])
    return unit(z) if options["normalise"] else z


def loss_of(batch):
    z = vectors(batch)
    positives = z[arrays[f"{batch}.positives"]]
    query = embedding_bag(
        arrays[f"{batch}.query.columns"],
        z,
        arrays[f"{batch}.query.offsets"],
        per_sample_weights=arrays[f"{batch}.query.values"],
        mode="sum",
        include_last_offset=True,
    )
    positive = (query * positives).sum(1, keepdim=True) + arrays[f"{batch}.shifts.own"]
    sets = [torch.addmm(arrays[f"{batch}.shifts.negatives"], query, z[arrays[f"{batch}.negatives"]].T)]
    if f"{batch}.shifts.positives" in arrays:
        sets.append(torch.addmm(arrays[f"{batch}.shifts.positives"], query, positives.T))
    if options["loss"] == "softmax":
        logits = torch.cat([positive, *sets], 1) / options["temperature"]
        return (torch.logsumexp(logits, 1) - logits[:, 0]).mean()
    return sum((each - positive + options["margin"]).relu().mean() for each in sets)


step = 0
while sys.stdin.buffer.read(1):
    started, clock = time.process_time(), time.perf_counter()
    # Ours adds epsilon before the bias correction of the second moment, PyTorch after it.
    optimiser.param_groups[0]["eps"] = 1e-8 / (1 - 0.999 ** (step + 1)) ** 0.5
    loss = loss_of(f"batch.{step % options['batches']}")
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    figure = loss.item()
    print(f"{time.process_time() - started:.6f} {figure:.8f} {time.perf_counter() - clock:.6f}", flush=True)
    step += 1
