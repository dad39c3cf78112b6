"""The plain model of one patient for NumPyro's sampler (NUTS), the judge beside `response.py`."""

import time
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from numpyro import distributions
from numpyro.diagnostics import summary
from numpyro.infer import MCMC, NUTS

from sextant.response import HyperParameters
from sextant.response.report import FloatArray
from sextant.response.settings import baselines
from sextant.response.timeline import Timelines

WARM_UP, KEPT, CHAINS = 1_000, 1_000, 4


@dataclass(frozen=True)
class Sampled:
    """How long the sampler took once compiled, what it says, and how many independent draws that is worth."""

    seconds: float
    p_nonresponder: float
    benefit_mean: float
    benefit_sd: float
    least_effective: float
    divergences: int


def sample(timeline: Timelines, hyper: HyperParameters, benefit_day: float) -> Sampled:
    """Four chains on the posterior of baselines, h, a, c and ln tau_s.

    Day-to-day variation and whether the patient responds are summed out beforehand, which is the quickest form of the
    model for this sampler: 8 numbers, no funnel, and a covariance that is factored once.
    """
    jax.config.update("jax_enable_x64", True)
    per_visit = np.diff(timeline.first_score)
    days, trend = np.repeat(timeline.day, per_visit), np.repeat(timeline.trend, per_visit)
    shown = np.array([hyper.loading(key) for key in timeline.instruments])[timeline.column]
    apart = np.abs(days[:, None] - days)
    covariance = hyper.sd_ou**2 * np.exp(-apart / hyper.tau_ou_days) + hyper.sd_e**2 * np.eye(len(days))
    factor = np.linalg.cholesky(covariance)
    usual, spread = baselines(timeline.instruments)

    def benefit(at: FloatArray, a: jax.Array, c: jax.Array, tau_s: jax.Array) -> jax.Array:
        since = at[:, None] - timeline.dose_day
        given = jnp.where(since > 0, timeline.dose_effect, 0.0)
        since = jnp.maximum(since, 0.0)
        fast = (given * jnp.exp(-since / hyper.tau_f_days)).sum(axis=1)
        slow = (given * (1 - jnp.exp(-since / hyper.tau_on_days)) * jnp.exp(-since / tau_s)).sum(axis=1)
        return a * fast + c * slow

    def model() -> None:
        b = numpyro.sample("b", distributions.Normal(usual, spread))
        h = numpyro.sample("h", distributions.Normal(hyper.mu_h, hyper.sd_h))
        a = numpyro.sample("a", distributions.Normal(hyper.mu_a, hyper.sd_a))
        c = numpyro.sample("c", distributions.Normal(hyper.mu_c, hyper.sd_c))
        ln_tau_s = numpyro.sample("ln_tau_s", distributions.Normal(hyper.mu_ln_tau_s, hyper.sd_ln_tau_s))
        without = b[timeline.column] - shown * h * trend
        with_it = without - shown * benefit(days, a, c, jnp.exp(ln_tau_s))
        of_scores = [
            np.log(share) + distributions.MultivariateNormal(mean, scale_tril=factor).log_prob(timeline.value)
            for share, mean in ((hyper.pi0, without), (1 - hyper.pi0, with_it))
        ]
        numpyro.factor("scores", jnp.logaddexp(*of_scores))
        p_none = numpyro.deterministic("p_none", jnp.exp(of_scores[0] - jnp.logaddexp(*of_scores)))
        now = benefit(np.array([benefit_day]), a, c, jnp.exp(ln_tau_s))[0]
        numpyro.deterministic("benefit", (1 - p_none) * now)
        numpyro.deterministic("benefit_squared", (1 - p_none) * now**2)

    sampler = MCMC(
        NUTS(model),
        num_warmup=WARM_UP,
        num_samples=KEPT,
        num_chains=CHAINS,
        chain_method="sequential",
        progress_bar=False,
    )
    sampler.run(jax.random.PRNGKey(0), extra_fields=("diverging",))  # compiles
    start = time.perf_counter()
    sampler.run(jax.random.PRNGKey(1), extra_fields=("diverging",))
    draws = {name: np.asarray(drawn) for name, drawn in sampler.get_samples().items()}
    seconds = time.perf_counter() - start
    mean = float(draws["benefit"].mean())
    told = summary(sampler.get_samples(group_by_chain=True))
    return Sampled(
        seconds=seconds,
        p_nonresponder=float(draws["p_none"].mean()),
        benefit_mean=mean,
        benefit_sd=float(np.sqrt(draws["benefit_squared"].mean() - mean**2)),
        least_effective=float(min(np.min(one["n_eff"]) for one in told.values())),
        divergences=int(np.asarray(sampler.get_extra_fields()["diverging"]).sum()),
    )
