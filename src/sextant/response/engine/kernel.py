"""The pass over one patient's visits, compiled.

Everything that is compiled stands in this one file and takes no constant from another: numba keeps compiled code on
disk and looks at this file alone to see whether it is still good. Functions take plain arrays, few of them, since
numba counts references to each array of a tuple at every call, which would cost more than the arithmetic.

Shapes: s shared columns (baselines, h, a), g nodes, j instruments, m exponentials of waning.

now      what `VARIANCE` to `CORRECTION` name, between visits
shared   (11, s + 1) rows `CARRIED` to `AHEAD`; the last column is that of the scores
square   (2, s, s)   `GRAM` and its `FACTOR`, lower halves
node     (6 + 2 s, g) rows `NODE_CARRIED` to `NODE_SELF`, then rows of Gram and factor against the shared columns
running  (4, m g)    running sums of slow benefit without and with its onset, and room for powers
scores   (2, n)      value and variance with which the scores of this visit enter
explained (2, g + 2) log evidence and weight of each explanation
"""

import math

import numpy as np
from numba import njit

from sextant.response.report import FloatArray, IntArray

# Sums may be taken in another order, which is how a processor adds several numbers at once; NaN and infinity stay.
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz", "arcp"}}
_IN_ORDER = {**_OPTIONS, "fastmath": {"contract", "nsz"}}

# Hyper-parameters in the order of a row of `hyper`.
HYPER = (
    *("mu_h", "sd_h", "mu_worse", "sd_worse", "tau_f_days", "tau_on_days", "sd_ou", "tau_ou_days", "sd_e"),
    *("sd_acute", "tau_acute_days", "fast_carry_over"),
)
_MU_H, _SD_H, _MU_WORSE, _SD_WORSE, _TAU_F, _TAU_ON, _SD_OU, _TAU_OU, _SD_E, _SD_ACUTE, _TAU_ACUTE, _CARRY = range(12)

VARIANCE, DAY, LOG_VARIANCES, SQUARES, N_SCORES, FAST, N_DOSES, LAST_DOSE, WORSE_PIVOT, WORSE, CORRECTION = range(11)
CARRIED, PULL, TILT, BY_VALUE, BY_CARRIED, RIGHT, WEIGHT, MOVED, MEAN, AHEAD = range(10)
GRAM, FACTOR = range(2)
NODE_CARRIED, SLOW, PIVOT, NODE, NODE_RIGHT, NODE_SELF, NODE_GRAM = range(7)

_LN_2PI = math.log(2 * math.pi)
_SMALLEST_PRECISION = 1e-6


@njit(**_OPTIONS)
def begin(
    now: FloatArray, shared: FloatArray, square: FloatArray, node: FloatArray, running: FloatArray, hyper: FloatArray
) -> None:
    """Before the first visit."""
    now[:] = 0.0
    now[VARIANCE] = hyper[_SD_OU] ** 2
    now[DAY] = -np.inf
    now[LAST_DOSE] = -np.inf
    shared[:, :] = 0.0
    square[:, :, :] = 0.0
    node[:, :] = 0.0
    running[:, :] = 0.0


@njit(**_IN_ORDER)
def _powers(running: FloatArray, rate: FloatArray, days: float) -> None:
    """exp(-days * rate) of all rates at once, into the third row: the same to the last digit as the library's, and
    quick because a processor takes several. Needs its operations in the order in which they are written."""
    power, bits = running[2], running[3]
    exponent = bits.view(np.int64)
    for i in range(rate.shape[0]):
        x = max(-days * rate[i], -700.0)
        bits[i] = x * 1.4426950408889634 + 6755399441055744.0  # leaves the power of two in the low bits
        k = bits[i] - 6755399441055744.0
        r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10
        p = 1.0 / 6227020800
        p = p * r + 1.0 / 479001600
        p = p * r + 1.0 / 39916800
        p = p * r + 1.0 / 3628800
        p = p * r + 1.0 / 362880
        p = p * r + 1.0 / 40320
        p = p * r + 1.0 / 5040
        p = p * r + 1.0 / 720
        p = p * r + 1.0 / 120
        p = p * r + 1.0 / 24
        p = p * r + 1.0 / 6
        p = p * r + 0.5
        p = p * r + 1.0
        power[i] = p * r + 1.0
    for i in range(rate.shape[0]):
        exponent[i] = (exponent[i] << 52) + (1023 << 52)
    for i in range(rate.shape[0]):
        power[i] *= bits[i]


@njit(inline="always", **_OPTIONS)
def _pass_time(
    now: FloatArray,
    shared: FloatArray,
    node: FloatArray,
    running: FloatArray,
    hyper: FloatArray,
    waning: FloatArray,
    rate: FloatArray,
    day: float,
    dose_day: FloatArray,
    dose_effect: FloatArray,
    first: int,
    last: int,
) -> None:
    """To `day`: variation and benefit run down; infusions strictly before it (rows first to last) are added."""
    n_nodes, n_rates = node.shape[1], rate.shape[0]
    passed = day - now[DAY]
    if now[N_SCORES] > 0 and passed > 0:
        memory = math.exp(-passed / hyper[_TAU_OU])
        for i in range(shared.shape[1]):
            shared[CARRIED, i] *= memory
        for g in range(n_nodes):
            node[NODE_CARRIED, g] *= memory
        now[VARIANCE] = memory * memory * now[VARIANCE] + hyper[_SD_OU] ** 2 * (1 - memory * memory)
    given = int(now[N_DOSES])
    if given > 0 and passed > 0:
        now[FAST] *= math.exp(-passed / hyper[_TAU_F])
        onset = math.exp(-passed / hyper[_TAU_ON])
        _powers(running, rate, passed)
        for i in range(n_rates):
            running[0, i] *= running[2, i]
            running[1, i] *= running[2, i] * onset
    while first + given < last and dose_day[first + given] < day:
        ago, effect = day - dose_day[first + given], dose_effect[first + given]
        now[FAST] = hyper[_CARRY] * now[FAST] + effect * math.exp(-ago / hyper[_TAU_F])
        onset = math.exp(-ago / hyper[_TAU_ON])
        _powers(running, rate, ago)
        for i in range(n_rates):
            running[0, i] += effect * running[2, i]
            running[1, i] += effect * running[2, i] * onset
        now[LAST_DOSE] = dose_day[first + given]
        given += 1
    now[N_DOSES] = given
    now[DAY] = day
    if given > 0:
        for g in range(n_nodes):
            node[SLOW, g] = 0.0
        for part in range(waning.shape[0]):
            w, i = waning[part], part * n_nodes
            for g in range(n_nodes):
                node[SLOW, g] += w * (running[0, i + g] - running[1, i + g])


@njit(inline="always", **_OPTIONS)
def _take(
    now: FloatArray,
    shared: FloatArray,
    square: FloatArray,
    node: FloatArray,
    scores: FloatArray,
    loading: FloatArray,
    trend: float,
    column: IntArray,
    first: int,
    last: int,
) -> None:
    """The scores of one visit: filter the day's variation out, add what is left to the Gram matrix.

    In a visit a score is -lambda_j times (S, F, W) in every column but the baselines', so whole columns move by two
    numbers each: their value at this visit and the variation that they carry.
    """
    n_instruments, s, n_nodes = loading.shape[0], shared.shape[1] - 1, node.shape[1]
    for j in range(n_instruments):
        shared[WEIGHT, j] = 0.0
        shared[MOVED, j] = 0.0
    total = 0.0
    loaded = 0.0
    loaded_twice = 0.0
    pull_scores = 0.0
    tilt_scores = 0.0
    squares = 0.0
    product = 1.0
    for i in range(first, last):
        j = column[i]
        variance = scores[1, i - first]
        weight = 1.0 / variance
        new = scores[0, i - first] - shared[CARRIED, s]
        total += weight
        loaded += weight * loading[j]
        loaded_twice += weight * loading[j] * loading[j]
        pull_scores += weight * new
        tilt_scores += weight * loading[j] * new
        squares += weight * new * new
        shared[WEIGHT, j] += weight
        shared[MOVED, j] += weight * new
        product *= variance
        if product < 1e-200 or product > 1e200:
            now[LOG_VARIANCES] += math.log(product)
            product = 1.0
    variance = now[VARIANCE]
    gain = variance / (1.0 + variance * total)
    now[LOG_VARIANCES] += math.log(product * (1.0 + variance * total))
    now[SQUARES] += squares - gain * pull_scores * pull_scores
    now[N_SCORES] += last - first

    for j in range(n_instruments):
        shared[PULL, j] = shared[WEIGHT, j] - shared[CARRIED, j] * total
        shared[TILT, j] = loading[j] * shared[WEIGHT, j] - shared[CARRIED, j] * loaded
    for i in range(n_instruments, s):
        x = trend if i == n_instruments else now[FAST]
        shared[PULL, i] = -(loaded * x + total * shared[CARRIED, i])
        shared[TILT, i] = -(loaded_twice * x + loaded * shared[CARRIED, i])
    shared[PULL, s] = pull_scores
    shared[TILT, s] = tilt_scores
    for i in range(s + 1):
        shared[BY_VALUE, i] = gain * loaded * shared[PULL, i] - shared[TILT, i]
        shared[BY_CARRIED, i] = gain * total * shared[PULL, i] - shared[PULL, i]

    for j in range(n_instruments):
        carried = shared[CARRIED, j]
        for k in range(j + 1):
            square[GRAM, j, k] += (
                carried * shared[CARRIED, k] * total
                - carried * shared[WEIGHT, k]
                - shared[CARRIED, k] * shared[WEIGHT, j]
                - gain * shared[PULL, j] * shared[PULL, k]
            )
        square[GRAM, j, j] += shared[WEIGHT, j]
        shared[RIGHT, j] += shared[MOVED, j] - carried * pull_scores - gain * shared[PULL, j] * pull_scores
    for i in range(n_instruments, s):
        x = trend if i == n_instruments else now[FAST]
        carried = shared[CARRIED, i]
        for k in range(i + 1):
            square[GRAM, i, k] += x * shared[BY_VALUE, k] + carried * shared[BY_CARRIED, k]
        shared[RIGHT, i] += x * shared[BY_VALUE, s] + carried * shared[BY_CARRIED, s]
    for k in range(s):
        a, b = shared[BY_VALUE, k], shared[BY_CARRIED, k]
        for g in range(n_nodes):
            node[NODE_GRAM + k, g] += node[SLOW, g] * a + node[NODE_CARRIED, g] * b
    aa = loaded_twice - gain * loaded * loaded
    ab = 2.0 * (loaded - gain * loaded * total)
    bb = total - gain * total * total
    a, b = shared[BY_VALUE, s], shared[BY_CARRIED, s]
    for g in range(n_nodes):
        w, m = node[SLOW, g], node[NODE_CARRIED, g]
        node[NODE_SELF, g] += w * (w * aa + m * ab) + m * m * bb
        node[NODE_RIGHT, g] += w * a + m * b
        node[NODE_CARRIED, g] = m - gain * (loaded * w + total * m)
    for i in range(s + 1):
        shared[CARRIED, i] += gain * shared[PULL, i]
    now[VARIANCE] = gain


@njit(**_OPTIONS)
def solve(
    now: FloatArray,
    shared: FloatArray,
    square: FloatArray,
    node: FloatArray,
    explained: FloatArray,
    hyper: FloatArray,
    prior: FloatArray,
    log_class: FloatArray,
) -> float:
    """The factor of each node's precision, the evidence and weight of each explanation; returns the log evidence."""
    s, n_nodes = shared.shape[1] - 1, node.shape[1]
    h, row = s - 2, NODE_GRAM + s
    so_far = -0.5 * (now[N_SCORES] * _LN_2PI + now[LOG_VARIANCES] + now[SQUARES])
    for i in range(s):
        mean, precision = prior[0, i], prior[1, i]
        squared = square[GRAM, i, i]
        pull = shared[RIGHT, i]
        for k in range(i):
            x = square[GRAM, i, k]
            for n in range(k):
                x -= square[FACTOR, i, n] * square[FACTOR, k, n]
            x /= square[FACTOR, k, k]
            square[FACTOR, i, k] = x
            squared -= x * x
            pull -= x * shared[MEAN, k]
        if i == h:
            mean_worse, worse = hyper[_MU_WORSE], 1.0 / (hyper[_SD_WORSE] * hyper[_SD_WORSE])
            now[WORSE_PIVOT] = math.sqrt(squared + worse)
            now[WORSE] = (pull + worse * mean_worse) / now[WORSE_PIVOT]
            gained = 0.5 * (now[WORSE] * now[WORSE] + math.log(worse) - worse * mean_worse * mean_worse)
            explained[0, n_nodes + 1] = so_far + gained - math.log(now[WORSE_PIVOT])
        pivot = math.sqrt(squared + precision)
        square[FACTOR, i, i] = pivot
        pull = (pull + precision * mean) / pivot
        shared[MEAN, i] = pull
        so_far += 0.5 * (pull * pull + math.log(precision) - precision * mean * mean) - math.log(pivot)
        if i == h:
            explained[0, 0] = so_far

    mean, precision = prior[0, s], prior[1, s]
    so_far += 0.5 * (math.log(precision) - precision * mean * mean)
    for g in range(n_nodes):
        node[PIVOT, g] = node[NODE_SELF, g] + precision
        node[NODE, g] = node[NODE_RIGHT, g] + precision * mean
    for i in range(s):
        for g in range(n_nodes):
            node[row + i, g] = node[NODE_GRAM + i, g]
        for k in range(i):
            f = square[FACTOR, i, k]
            for g in range(n_nodes):
                node[row + i, g] -= f * node[row + k, g]
        inverse, z = 1.0 / square[FACTOR, i, i], shared[MEAN, i]
        for g in range(n_nodes):
            x = node[row + i, g] * inverse
            node[row + i, g] = x
            node[PIVOT, g] -= x * x
            node[NODE, g] -= x * z
    top = max(explained[0, 0] + log_class[0], explained[0, n_nodes + 1] + log_class[n_nodes + 1])
    for g in range(n_nodes):
        squared, pull = node[PIVOT, g], node[NODE, g]
        explained[0, g + 1] = so_far + 0.5 * (pull * pull / squared - math.log(squared))
        node[PIVOT, g] = math.sqrt(squared)
        node[NODE, g] = pull / node[PIVOT, g]
        top = max(top, explained[0, g + 1] + log_class[g + 1])
    total = 0.0
    for e in range(n_nodes + 2):
        explained[1, e] = math.exp(explained[0, e] + log_class[e] - top)
        total += explained[1, e]
    for e in range(n_nodes + 2):
        explained[1, e] /= total
    return float(top + math.log(total))


@njit(**_OPTIONS)
def _forecast(
    now: FloatArray,
    shared: FloatArray,
    square: FloatArray,
    node: FloatArray,
    explained: FloatArray,
    loading: float,
    trend: float,
    j: int,
) -> tuple[float, float]:
    """Mean and variance of instrument j's score free of noise, from the visits so far; after `solve`."""
    s, n_nodes = shared.shape[1] - 1, node.shape[1]
    h, row = s - 2, NODE_GRAM + s
    mean = shared[CARRIED, s]
    variance = 0.0
    mean_none = 0.0
    variance_none = 0.0
    mean_worse = 0.0
    variance_worse = 0.0
    for i in range(s):
        if i < h:
            x = 1.0 if i == j else 0.0
        elif i == h:
            x = -loading * trend
        else:
            x = -loading * now[FAST]
        x -= shared[CARRIED, i]
        for n in range(i):
            x -= square[FACTOR, i, n] * shared[AHEAD, n]
        if i == h:
            turned = x / now[WORSE_PIVOT]
            mean_worse = mean + turned * now[WORSE]
            variance_worse = variance + turned * turned
        x /= square[FACTOR, i, i]
        shared[AHEAD, i] = x
        mean += x * shared[MEAN, i]
        variance += x * x
        if i == h:
            mean_none, variance_none = mean, variance
    none, worse = explained[1, 0], explained[1, n_nodes + 1]
    first = none * mean_none + worse * mean_worse
    second = none * (variance_none + mean_none**2) + worse * (variance_worse + mean_worse**2)
    for g in range(n_nodes):
        x = -loading * node[SLOW, g] - node[NODE_CARRIED, g]
        for n in range(s):
            x -= node[row + n, g] * shared[AHEAD, n]
        x /= node[PIVOT, g]
        mean_node = mean + x * node[NODE, g]
        first += explained[1, g + 1] * mean_node
        second += explained[1, g + 1] * (variance + x * x + mean_node * mean_node)
    return first, second - first * first + now[VARIANCE]


@njit(**_OPTIONS)
def _log_ndtr(x: float) -> float:
    """Log of the chance that a unit normal is below x."""
    if x > -30.0:
        return math.log(0.5 * math.erfc(-x * 0.7071067811865476))
    i = 1.0 / (x * x)
    series = 1 - i * (1 - 3 * i * (1 - 5 * i * (1 - 7 * i * (1 - 9 * i))))
    return -0.5 * (x * x + _LN_2PI) - math.log(-x) + math.log(series)


@njit(**_OPTIONS)
def _site(
    value: float, low: float, high: float, noise: float, mean: float, variance: float, outlier_sds: float
) -> tuple[float, float, float]:
    """Value and variance of a score's site, and its correction of the log evidence; as `reading.sites`."""
    total = variance + noise
    sd = math.sqrt(total)
    if math.isnan(low):
        off = abs(value - mean)
        if off <= outlier_sds * sd:
            return value, noise, 0.0
        spread = noise + (off / outlier_sds) ** 2 - total
        sds = off / sd
        huber = -0.5 * outlier_sds * outlier_sds - outlier_sds * (sds - outlier_sds) - 0.5 * math.log(total)
        whole = variance + spread
        return value, spread, huber + 0.5 * math.log(whole) + 0.5 * off * off / whole
    a, b = (low - mean) / sd, (high - mean) / sd
    flip = a + b > 0
    if flip:
        a, b = -b, -a
    below = _log_ndtr(b)
    log_mass = below
    at_a = 0.0
    edge = 0.0
    if not math.isinf(a):
        log_mass += math.log(-math.expm1(_log_ndtr(a) - below))
        at_a = math.exp(-0.5 * (a * a + _LN_2PI) - log_mass)
        edge = a * at_a
    at_b = math.exp(-0.5 * (b * b + _LN_2PI) - log_mass)
    shift = at_a - at_b
    shrink = shift * shift - (edge - b * at_b)
    if flip:
        shift = -shift
    new_mean = mean + variance / sd * shift
    new_variance = variance - variance * variance / total * shrink
    precision = max(1.0 / new_variance - 1.0 / variance, _SMALLEST_PRECISION)
    site = (new_mean / new_variance - mean / variance) / precision
    whole = variance + 1.0 / precision
    gauss = -0.5 * (_LN_2PI + math.log(whole) + (site - mean) ** 2 / whole)
    return site, 1.0 / precision, log_mass - gauss


@njit(**_OPTIONS)
def go_on(
    now: FloatArray,
    shared: FloatArray,
    square: FloatArray,
    node: FloatArray,
    running: FloatArray,
    scores: FloatArray,
    explained: FloatArray,
    hyper: FloatArray,
    prior: FloatArray,
    log_class: FloatArray,
    loading: FloatArray,
    waning: FloatArray,
    rate: FloatArray,
    day: FloatArray,
    trend: FloatArray,
    first_score: IntArray,
    column: IntArray,
    value: FloatArray,
    low: FloatArray,
    high: FloatArray,
    dose_day: FloatArray,
    dose_effect: FloatArray,
    first_dose: int,
    last_dose: int,
    first_visit: int,
    last_visit: int,
    outlier_sds: float,
    plain: bool,
    means: FloatArray,
    variances: FloatArray,
) -> None:
    """The visits first to last, each in constant time; what is carried after each is put into `means` as far as
    that has room."""
    s, n_nodes = shared.shape[1] - 1, node.shape[1]
    for at in range(first_visit, last_visit):
        _pass_time(
            now, shared, node, running, hyper, waning, rate, day[at], dose_day, dose_effect, first_dose, last_dose
        )
        first, last = first_score[at], first_score[at + 1]
        noise = hyper[_SD_E] ** 2
        if now[N_DOSES] > 0 and hyper[_SD_ACUTE] > 0:
            noise += hyper[_SD_ACUTE] ** 2 * math.exp(-2.0 * (now[DAY] - now[LAST_DOSE]) / hyper[_TAU_ACUTE])
        if plain:
            for i in range(first, last):
                scores[0, i - first] = value[i]
                scores[1, i - first] = noise
        else:
            solve(now, shared, square, node, explained, hyper, prior, log_class)
            forecast_of = -1
            mean, variance = 0.0, 1.0
            for i in range(first, last):
                j = column[i]
                if j != forecast_of:
                    forecast_of = j
                    mean, variance = _forecast(now, shared, square, node, explained, loading[j], trend[at], j)
                site, spread, correction = _site(value[i], low[i], high[i], noise, mean, variance, outlier_sds)
                scores[0, i - first] = site
                scores[1, i - first] = spread
                now[CORRECTION] += correction
        _take(now, shared, square, node, scores, loading, trend[at], column, first, last)
        turn = at - first_visit
        if turn < means.shape[0]:
            for i in range(s + 1):
                means[turn, i] = shared[CARRIED, i]
            for g in range(n_nodes):
                means[turn, s + 1 + g] = node[NODE_CARRIED, g]
            variances[turn] = now[VARIANCE]


@njit(**_OPTIONS)
def weigh(
    first_visit: IntArray,
    day: FloatArray,
    trend: FloatArray,
    first_score: IntArray,
    column: IntArray,
    value: FloatArray,
    low: FloatArray,
    high: FloatArray,
    first_dose: IntArray,
    dose_day: FloatArray,
    dose_effect: FloatArray,
    hyper: FloatArray,
    prior: FloatArray,
    log_class: FloatArray,
    loading: FloatArray,
    waning: FloatArray,
    rate: FloatArray,
    outlier_sds: float,
    plain: bool,
    who: IntArray,
    which: IntArray,
    total: FloatArray,
    correction: FloatArray,
    weights: FloatArray,
) -> None:
    """Evidence and weights of each case, into the last three arrays."""
    s, n_nodes = loading.shape[1] + 2, log_class.shape[1] - 2
    most = 1
    for at in range(first_score.shape[0] - 1):
        most = max(most, first_score[at + 1] - first_score[at])
    now = np.zeros(11)
    shared = np.zeros((10, s + 1))
    square = np.zeros((2, s, s))
    node = np.zeros((NODE_GRAM + 2 * s, n_nodes))
    running = np.zeros((4, rate.shape[1]))
    scores = np.zeros((2, most))
    explained = np.zeros((2, n_nodes + 2))
    no_means, no_variances = np.zeros((0, 0)), np.zeros(0)
    for case in range(who.shape[0]):
        k, p = which[case], who[case]
        begin(now, shared, square, node, running, hyper[k])
        go_on(
            *(now, shared, square, node, running, scores, explained),
            *(hyper[k], prior[k], log_class[k], loading[k], waning[k], rate[k]),
            *(day, trend, first_score, column, value, low, high, dose_day, dose_effect),
            *(first_dose[p], first_dose[p + 1], first_visit[p], first_visit[p + 1]),
            *(outlier_sds, plain, no_means, no_variances),
        )
        total[case] = solve(now, shared, square, node, explained, hyper[k], prior[k], log_class[k])
        correction[case] = now[CORRECTION]
        weights[case] = explained[1]


@njit(**_OPTIONS)
def keep(
    first_visit: IntArray,
    day: FloatArray,
    trend: FloatArray,
    first_score: IntArray,
    column: IntArray,
    value: FloatArray,
    low: FloatArray,
    high: FloatArray,
    first_dose: IntArray,
    dose_day: FloatArray,
    dose_effect: FloatArray,
    hyper: FloatArray,
    prior: FloatArray,
    log_class: FloatArray,
    loading: FloatArray,
    waning: FloatArray,
    rate: FloatArray,
    outlier_sds: float,
    plain: bool,
    who: IntArray,
    which: IntArray,
    total: FloatArray,
    kept_now: FloatArray,
    kept_shared: FloatArray,
    kept_square: FloatArray,
    kept_node: FloatArray,
    kept_explained: FloatArray,
    means: FloatArray,
    variances: FloatArray,
) -> None:
    """The whole state of each case after its last visit, and what was carried after each visit."""
    most = 1
    for at in range(first_score.shape[0] - 1):
        most = max(most, first_score[at + 1] - first_score[at])
    running = np.zeros((4, rate.shape[1]))
    scores = np.zeros((2, most))
    for case in range(who.shape[0]):
        k, p = which[case], who[case]
        now, shared, square = kept_now[case], kept_shared[case], kept_square[case]
        node, explained = kept_node[case], kept_explained[case]
        begin(now, shared, square, node, running, hyper[k])
        go_on(
            *(now, shared, square, node, running, scores, explained),
            *(hyper[k], prior[k], log_class[k], loading[k], waning[k], rate[k]),
            *(day, trend, first_score, column, value, low, high, dose_day, dose_effect),
            *(first_dose[p], first_dose[p + 1], first_visit[p], first_visit[p + 1]),
            *(outlier_sds, plain, means[case], variances[case]),
        )
        total[case] = solve(now, shared, square, node, explained, hyper[k], prior[k], log_class[k])
