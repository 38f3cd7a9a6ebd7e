"""What the benchmark hands a peer: the folder of a case, with its data, first weights and batch order."""

import json
import resource
import sys
from pathlib import Path

import numpy as np


class Case:
    def __init__(self, folder):
        folder = Path(folder)
        self.about = json.loads((folder / "case.json").read_text())
        features = self.about["features"]
        self.x = np.fromfile(folder / "training.f32", np.float32).reshape(-1, features)
        self.y = np.fromfile(folder / "training.i32", np.int32)
        self.dev_x = np.fromfile(folder / "dev.f32", np.float32).reshape(-1, features)
        self.dev_y = np.fromfile(folder / "dev.i32", np.int32)
        # [epochs, images]: the order in which an epoch takes the training images.
        self.order = np.fromfile(folder / "order.i32", np.int32).reshape(-1, len(self.y))
        # In the order of the layers: weights of the hidden layer [features, units], then of the output layer.
        self.weights = [
            np.fromfile(folder / f"weights-{index}.f32", np.float32).reshape(shape)
            for index, shape in enumerate(self.about["weights"])
        ]
        self.batch = self.about["batch"]
        self.learning_rate = self.about["learningRate"]

    def batches(self, epoch):
        order = self.order[epoch]
        return [order[start : start + self.batch] for start in range(0, len(order), self.batch)]


def report(library, milliseconds, losses):
    json.dump(
        {
            "library": library,
            "milliseconds": milliseconds,
            "losses": losses,
            # The system counts in kilobytes.
            "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        },
        sys.stdout,
    )
