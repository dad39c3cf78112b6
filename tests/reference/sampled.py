"""The response model written out for a sampler: everything unknown is drawn by NUTS, and only which class a person is
in is summed over. Day-to-day variation is in the scores' covariance.

Nothing here is shared with the engine's algebra. Classes, in this order: no response, response, gets worse.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.diagnostics import effective_sample_size
from numpyro.infer import NUTS

from reference.dense import BASELINE, SCALE, noise, trend
from sextant.response import CourseData, HyperParameters

WARMUP, DRAWS, CHAINS = 500, 2500, 4
KEYS = ("craving", "phq9", "gad7", "use_days")

MeanAndError = tuple[float, float]
"""Posterior mean, and the Monte Carlo standard error of that."""


def sampled_means(
    courses: Sequence[CourseData], hyper: HyperParameters, ask_days: np.ndarray, seed: int
) -> list[dict[str, MeanAndError]]:
    """Of each patient: own craving baseline, h, a, c, P(response), ln tau_s given response, and B on some days.

    Parameters
    ----------
    courses : each with equally many scores and infusions, so that all are sampled side by side and compiled once
    """
    data = [_data(course, hyper, ask_days) for course in courses]
    together = {name: jnp.stack([one[name] for one in data]) for name in data[0]}
    keys = jax.random.split(jax.random.PRNGKey(seed), (len(courses), CHAINS))
    one_patient = jax.vmap(_Chain(hyper), in_axes=(0, None))
    drawn, diverging = jax.jit(jax.vmap(one_patient))(keys, together)
    assert not diverging.any()
    return [
        _means({name: np.asarray(values[row]) for name, values in drawn.items()}, ask_days)
        for row in range(len(courses))
    ]


@dataclass(frozen=True)
class _Chain:
    """One chain of one patient, warm-up left out; NUTS without numpyro's own loop, which would compile every time."""

    hyper: HyperParameters

    def __call__(self, key, data):
        kernel = NUTS(lambda given: _model(given, self.hyper), dense_mass=True)

        def step(state, _):
            state = kernel.sample(state, (data,), {})
            return state, None

        def draw(state, _):
            state = kernel.sample(state, (data,), {})
            return state, (kernel.postprocess_fn((data,), {})(state.z), state.diverging)

        state, _ = jax.lax.scan(step, kernel.init(key, WARMUP, None, (data,), {}), None, WARMUP)
        return jax.lax.scan(draw, state, None, DRAWS)[1]


def _data(course: CourseData, hyper: HyperParameters, ask_days: np.ndarray) -> dict[str, jax.Array]:
    days = np.array([score.day for score in course.scores])
    keys = [score.instrument for score in course.scores]
    varies = hyper.sd_ou**2 * np.exp(-np.abs(days[:, None] - days) / hyper.tau_ou_days)
    covariance = varies + np.diag([noise(day, course, hyper) for day in days])
    return {
        "y": jnp.array([score.points / SCALE[score.instrument] for score in course.scores]),
        "whiten": jnp.array(np.linalg.inv(np.linalg.cholesky(covariance))),
        "of": jnp.array([KEYS.index(key) for key in keys]),
        "shown": jnp.array([1.0 if key == "craving" else getattr(hyper, f"lambda_{key}") for key in keys]),
        "trend": jnp.array([trend(day, course) for day in days]),
        "gone": _gone(days, course),
        "ask_gone": _gone(ask_days, course),
        "effect": jnp.array([2 * dose.mg_per_kg / (dose.mg_per_kg + 0.5) for dose in course.infusions]),
    }


def _gone(days: np.ndarray, course: CourseData) -> jax.Array:
    """Days since each infusion, -1 before it and at its own time; (n_days, n_doses)."""
    gone = days[:, None] - np.array([dose.day for dose in course.infusions])
    return jnp.array(np.where(gone > 0, gone, -1.0))


def _model(data: dict[str, jax.Array], hyper: HyperParameters) -> None:
    def unknown(name: str, mean, sd):
        # Drawn as a unit normal, which suits the sampler better.
        unit = numpyro.sample(f"{name}_unit", dist.Normal(jnp.zeros(np.shape(mean)), 1.0).to_event(np.ndim(mean)))
        return numpyro.deterministic(name, mean + sd * unit)

    usual = np.array([BASELINE[key] for key in KEYS]) / np.array([SCALE[key] for key in KEYS])[:, None]
    baselines = unknown("baselines", usual[:, 0], usual[:, 1])
    h = unknown("h", hyper.mu_h, hyper.sd_h)
    h_worse = unknown("h_worse", hyper.mu_worse, hyper.sd_worse)
    a, c = unknown("a", hyper.mu_a, hyper.sd_a), unknown("c", hyper.mu_c, hyper.sd_c)
    tau_s = jnp.exp(unknown("ln_tau_s", hyper.mu_ln_tau_s, hyper.sd_ln_tau_s))

    def benefit(gone):
        since = jnp.maximum(gone, 0.0)
        waned = (1 - hyper.lasting_share) * jnp.exp(-since / tau_s)
        waned += hyper.lasting_share * jnp.exp(-since / (hyper.lasting_ratio * tau_s))
        given = gone > 0
        later = given.sum(axis=1, keepdims=True) - jnp.cumsum(
            given, axis=1
        )  # infusions since, each renewing the fast part
        fast = jnp.exp(-since / hyper.tau_f_days) * hyper.fast_carry_over**later
        once = a * fast + c * (1 - jnp.exp(-since / hyper.tau_on_days)) * waned
        return jnp.where(gone > 0, data["effect"] * once, 0.0).sum(axis=1)

    def fit(programme, of_ketamine):
        mean = baselines[data["of"]] - data["shown"] * (programme * data["trend"] + of_ketamine)
        return -0.5 * jnp.sum((data["whiten"] @ (data["y"] - mean)) ** 2)

    prior = jnp.log(jnp.array([hyper.pi0, 1 - hyper.pi0 - hyper.pi_worse, hyper.pi_worse]))
    fits = prior + jnp.stack([fit(h, 0.0), fit(h, benefit(data["gone"])), fit(h_worse, 0.0)])
    numpyro.factor("scores", jax.nn.logsumexp(fits))
    numpyro.deterministic("classes", jax.nn.softmax(fits))
    numpyro.deterministic("benefit", benefit(data["ask_gone"]))


def _means(drawn: dict[str, np.ndarray], ask_days: np.ndarray) -> dict[str, MeanAndError]:
    """From draws of shape (chains, draws, ...); a class's probability weighs what is only known within it."""
    none, responds, worse = np.moveaxis(drawn["classes"], -1, 0)
    found = {
        "craving": _mean(drawn["baselines"][:, :, 0]),
        "h": _mean((none + responds) * drawn["h"] + worse * drawn["h_worse"]),
        "a": _mean(drawn["a"]),
        "c": _mean(drawn["c"]),
        "responds": _mean(responds),
        "ln_tau_s": _mean_given(drawn["ln_tau_s"], responds),
    }
    for n, day in enumerate(ask_days):
        found[f"benefit on day {day:g}"] = _mean(responds * drawn["benefit"][:, :, n])
    return found


def _mean(drawn: np.ndarray) -> MeanAndError:
    return float(drawn.mean()), float(drawn.std() / np.sqrt(effective_sample_size(drawn)))


def _mean_given(drawn: np.ndarray, weight: np.ndarray) -> MeanAndError:
    """A ratio of two means; its error is that to first order."""
    mean = float((weight * drawn).sum() / weight.sum())
    return mean, _mean(weight * (drawn - mean) / weight.mean())[1]
