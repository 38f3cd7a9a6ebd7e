"""One network of one hidden layer in PyTorch, as its users write it: full batch or minibatches, Adam, a dev pass an epoch."""

import sys
import time

import torch
from torch import nn

from case import Case, report

case = Case(sys.argv[1])
hidden, output = case.weights
model = nn.Sequential(
    nn.Linear(*hidden.shape, bias=False),
    nn.BatchNorm1d(hidden.shape[1], eps=1e-5, momentum=0.1),
    nn.LeakyReLU(0.01),
    nn.Linear(*output.shape, bias=False),
    nn.BatchNorm1d(output.shape[1], eps=1e-5, momentum=0.1),
)
with torch.no_grad():
    model[0].weight.copy_(torch.from_numpy(hidden.T.copy()))
    model[3].weight.copy_(torch.from_numpy(output.T.copy()))
x, y = torch.from_numpy(case.x), torch.from_numpy(case.y).long()
dev_x, dev_y = torch.from_numpy(case.dev_x), torch.from_numpy(case.dev_y).long()
optimizer = torch.optim.Adam(model.parameters(), lr=case.learning_rate, eps=1e-8)
loss_of = nn.CrossEntropyLoss()
milliseconds, losses = [], []
whole = case.batch >= len(y)
for epoch in range(len(case.order)):
    begun = time.perf_counter()
    batches = [None] if whole else [torch.from_numpy(rows).long() for rows in case.batches(epoch)]
    model.train()
    figures = []
    for rows in batches:
        inputs, labels = (x, y) if rows is None else (x[rows], y[rows])
        logits = model(inputs)
        loss = loss_of(logits, labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        figures.append((loss.detach(), (logits.argmax(1) == labels).float().mean()))
    model.eval()
    with torch.no_grad():
        logits = model(dev_x)
        dev = (loss_of(logits, dev_y).item(), (logits.argmax(1) == dev_y).float().mean().item())
    read = [(loss.item(), accuracy.item()) for loss, accuracy in figures]
    milliseconds.append((time.perf_counter() - begun) * 1000)
    losses.append(sum(loss for loss, _ in read) / len(read))
report(f"PyTorch {torch.__version__}", milliseconds, losses)
