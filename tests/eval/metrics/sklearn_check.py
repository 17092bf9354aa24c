"""The numbers of eval/metrics/metrics.h and its siblings from independent sources: scikit-learn, and numpy
written from the definitions where it has no word for it. Reads a list of sets from stdin, writes a list of answers.

    {"classes": C, "labels": [N], "probabilities": [[C], ...]}
"""
import json
import sys
import warnings

import numpy as np
from sklearn import metrics
from sklearn.exceptions import UndefinedMetricWarning

warnings.simplefilter("ignore", UndefinedMetricWarning)
warnings.simplefilter("ignore", UserWarning)


def judged(given):
    classes = given["classes"]
    every = np.arange(classes)
    labels = np.array(given["labels"])
    p = np.array(given["probabilities"], dtype=np.float64)
    guess = p.argmax(axis=1)  # the first of equals
    n = len(labels)
    answer = {}

    answer["accuracy"] = metrics.accuracy_score(labels, guess)
    answer["loss"] = metrics.log_loss(labels, p, labels=every, eps=1e-12)
    answer["confusion"] = metrics.confusion_matrix(labels, guess, labels=every).tolist()
    for average in ("macro", "weighted"):
        rows = metrics.precision_recall_fscore_support(labels, guess, average=average, zero_division=0)
        answer[average] = {"precision": rows[0], "recall": rows[1], "f1": rows[2]}
    rows = metrics.precision_recall_fscore_support(labels, guess, labels=every, zero_division=0)
    answer["per_class"] = [
        {"precision": a, "recall": b, "f1": c, "support": int(d)} for a, b, c, d in zip(*rows)]
    # Among equals scikit-learn puts the highest class first: mirrored, that is the lowest. Of two
    # classes it wants one score.
    answer["top_k"] = [answer["accuracy"]] + [
        metrics.top_k_accuracy_score(classes - 1 - labels, p[:, ::-1], k=k, labels=every)
        if k < classes else 1.0 for k in range(2, min(5, classes) + 1)]
    one_hot = (labels[:, None] == every).astype(float)
    answer["brier"] = classes * metrics.mean_squared_error(one_hot, p)

    confidence = p.max(axis=1)
    right = guess == labels
    order = np.argsort(confidence, kind="stable")
    ece = 0.0
    for b in range(15):
        part = order[n * b // 15:n * (b + 1) // 15]
        if len(part):
            ece += len(part) / n * abs(right[part].mean() - confidence[part].mean())
    answer["ece"] = ece

    # Risk at each coverage: mistakes among the k surest, equals in expectation.
    falling = np.argsort(-confidence, kind="stable")
    wrong = (~right[falling]).astype(float)
    for value in np.unique(confidence):
        equals = confidence[falling] == value
        wrong[equals] = wrong[equals].mean()
    answer["aurc"] = (np.cumsum(wrong) / np.arange(1, n + 1)).mean()

    return answer


json.dump([judged(given) for given in json.load(sys.stdin)], sys.stdout)
