"""The published formulas once more, in exact fractions and plain loops, to compare with."""

import math
from fractions import Fraction


def mean(values):
    return Fraction(sum(values)) / len(values)


def covariance(x, y):
    mx, my = mean(x), mean(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / (len(x) - 1)


def root(value):
    """The square root of an exact fraction, good to far more than a double holds."""
    scale = 10**60
    return Fraction(math.isqrt(value.numerator * scale // value.denominator), 10**30)


def item(rows, column, maxima):
    x = [row[column] for row in rows]
    total = [sum(row) for row in rows]
    rest = [t - a for t, a in zip(total, x, strict=True)]
    found = {
        "n": len(rows),
        "facility": mean(x) / maxima[column],
        "sd": None,
        "discrimination_index": None,
        "discriminative_efficiency": None,
        "effective_weight": None,
    }
    if len(rows) < 2:
        return found
    found["sd"] = root(covariance(x, x))
    product = covariance(x, x) * covariance(rest, rest)
    if product:
        found["discrimination_index"] = 100 * covariance(x, rest) / root(product)
    best = covariance(sorted(x), sorted(rest))
    if best:
        found["discriminative_efficiency"] = 100 * covariance(x, rest) / best
    found["effective_weight"] = weight(rows, column)
    return found


def weight(rows, column):
    total = [sum(row) for row in rows]
    each = [covariance([row[one] for row in rows], total) for one in range(len(rows[0]))]
    whole = sum(root(one) for one in each if one >= 0)
    return 100 * root(each[column]) / whole if each[column] >= 0 and whole else None


def central(values, power):
    middle = mean(values)
    return sum((value - middle) ** power for value in values) / Fraction(len(values))


def test(rows):
    total = [Fraction(sum(row)) for row in rows]
    s, p = len(rows), len(rows[0])
    ordered = sorted(total)
    found = dict.fromkeys(
        ("sd", "skewness", "kurtosis", "alpha", "error_ratio", "standard_error")
    ) | {
        "mean": mean(total),
        "median": (ordered[(s - 1) // 2] + ordered[s // 2]) / 2,
    }
    if s < 2:
        return found
    k2 = Fraction(s, s - 1) * central(total, 2)
    found["sd"] = root(k2)
    if not k2:
        return found
    if s > 2:
        k3 = Fraction(s * s, (s - 1) * (s - 2)) * central(total, 3)
        found["skewness"] = k3 / (k2 * root(k2))
    if s > 3:
        inner = (s + 1) * central(total, 4) - 3 * (s - 1) * central(total, 2) ** 2
        found["kurtosis"] = Fraction(s * s, (s - 1) * (s - 2) * (s - 3)) * inner / k2**2
    if p > 1:
        each = sum(
            covariance([row[one] for row in rows], [row[one] for row in rows]) for one in range(p)
        )
        found["alpha"] = 100 * Fraction(p, p - 1) * (1 - each / k2)
        found["error_ratio"] = 100 * root(1 - found["alpha"] / 100)
        found["standard_error"] = found["error_ratio"] * root(k2) / 100
    return found


def kappa(first, second, highest):
    """Quadratic weighted kappa from its table of observed and expected counts."""
    n = len(first)
    observed = expected = Fraction(0)
    for a in range(highest + 1):
        for b in range(highest + 1):
            both = sum(1 for x, y in zip(first, second, strict=True) if (x, y) == (a, b))
            observed += (a - b) ** 2 * Fraction(both, n)
            expected += (a - b) ** 2 * Fraction(first.count(a) * second.count(b), n * n)
    return 1 - observed / expected if expected else None
