"""The same network in numpy, gradients by hand, float32, one BLAS product for each that there is."""

import sys
import time

import numpy as np

from case import Case, report

EPSILON = np.float32(1e-5)
SLOPE = np.float32(0.01)

case = Case(sys.argv[1])
hidden, output = case.weights
parameters = [
    hidden,
    np.ones(hidden.shape[1], np.float32),
    np.zeros(hidden.shape[1], np.float32),
    output,
    np.ones(output.shape[1], np.float32),
    np.zeros(output.shape[1], np.float32),
]
moments = [(np.zeros_like(one), np.zeros_like(one)) for one in parameters]
moving = [[np.zeros(w.shape[1], np.float32), np.ones(w.shape[1], np.float32)] for w in case.weights]


def normalize(values, gamma, beta, statistics):
    mean = values.mean(0)
    centred = values - mean
    variance = np.square(centred).mean(0)
    inverse = 1 / np.sqrt(variance + EPSILON)
    statistics[0] += 0.1 * (mean - statistics[0])
    statistics[1] += 0.1 * (variance * len(values) / max(1, len(values) - 1) - statistics[1])
    centred *= inverse
    return centred * gamma + beta, centred, inverse


def normalize_back(gradient, normalized, inverse, gamma):
    beta_gradient = gradient.sum(0)
    gamma_gradient = np.einsum("ij,ij->j", gradient, normalized)
    share = np.float32(1 / len(gradient))
    inputs = (gradient - share * (beta_gradient + normalized * gamma_gradient)) * (gamma * inverse)
    return inputs, gamma_gradient, beta_gradient


def cross_entropy(logits, labels):
    shifted = logits - logits.max(1, keepdims=True)
    exponentials = np.exp(shifted)
    sums = exponentials.sum(1, keepdims=True)
    rows = np.arange(len(labels))
    loss = float((np.log(sums[:, 0]) - shifted[rows, labels]).mean())
    gradient = exponentials / sums
    gradient[rows, labels] -= 1
    gradient /= np.float32(len(labels))
    return loss, float((logits.argmax(1) == labels).mean()), gradient


def evaluate(inputs):
    w1, g1, b1, w2, g2, b2 = parameters
    for weights, gamma, beta, (mean, variance), is_last in ((w1, g1, b1, moving[0], False), (w2, g2, b2, moving[1], True)):
        inputs = (inputs @ weights - mean) * (gamma / np.sqrt(variance + EPSILON)) + beta
        if not is_last:
            inputs = np.maximum(inputs, SLOPE * inputs)
    return inputs


milliseconds, losses = [], []
step = 0
whole = case.batch >= len(case.y)
for epoch in range(len(case.order)):
    begun = time.perf_counter()
    figures = []
    for rows in [None] if whole else case.batches(epoch):
        x, labels = (case.x, case.y) if rows is None else (case.x[rows], case.y[rows])
        w1, g1, b1, w2, g2, b2 = parameters
        h, n1, i1 = normalize(x @ w1, g1, b1, moving[0])
        a = np.maximum(h, SLOPE * h)
        logits, n2, i2 = normalize(a @ w2, g2, b2, moving[1])
        loss, accuracy, gradient = cross_entropy(logits, labels)
        figures.append((loss, accuracy))
        back, g2_gradient, b2_gradient = normalize_back(gradient, n2, i2, g2)
        w2_gradient = a.T @ back
        back = (back @ w2.T) * np.where(h > 0, np.float32(1), SLOPE)
        back, g1_gradient, b1_gradient = normalize_back(back, n1, i1, g1)
        gradients = [x.T @ back, g1_gradient, b1_gradient, w2_gradient, g2_gradient, b2_gradient]
        step += 1
        correction = np.sqrt(1 - 0.999**step)
        rate = np.float32(case.learning_rate * correction / (1 - 0.9**step))
        epsilon = np.float32(1e-8 * correction)
        for parameter, gradient, (first, second) in zip(parameters, gradients, moments):
            first *= np.float32(0.9)
            first += np.float32(0.1) * gradient
            second *= np.float32(0.999)
            np.square(gradient, out=gradient)
            gradient *= np.float32(0.001)
            second += gradient
            np.sqrt(second, out=gradient)
            gradient += epsilon
            np.divide(first, gradient, out=gradient)
            gradient *= rate
            parameter -= gradient
    cross_entropy(evaluate(case.dev_x), case.dev_y)
    milliseconds.append((time.perf_counter() - begun) * 1000)
    losses.append(sum(loss for loss, _ in figures) / len(figures))
report(f"numpy {np.__version__}", milliseconds, losses)
