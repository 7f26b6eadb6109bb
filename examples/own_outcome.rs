//! An outcome of one's own: how unequally exports are spread over exporters.
//!
//! ```text
//! cargo run --release --example own_outcome
//! ```

use fondaco::{Contrast, Error, Outcome, RunView, Scenario};

/// Gini coefficient of exports over the exporters of the last year: 0 where all export as much, near 1 where one does.
struct Gini;

impl Outcome for Gini {
    fn name(&self) -> &str {
        "exports_gini"
    }

    fn meaning(&self) -> &str {
        "Gini coefficient of exports over the exporters of the last year."
    }

    fn value(&self, run: &RunView) -> Result<f64, Error> {
        let mut exports = run.firms().real("exports_last")?;
        exports.retain(|value| *value > 0.0);
        exports.sort_by(f32::total_cmp);
        let (n, sum) = (exports.len() as f64, exports.iter().map(|value| f64::from(*value)).sum::<f64>());
        let ranked = (1..).zip(&exports).map(|(rank, value)| f64::from(rank) * f64::from(*value)).sum::<f64>();
        // Without an exporter it is 0/0: not a number, and left out of means.
        Ok(2.0 * ranked / (n * sum) - (n + 1.0) / n)
    }
}

/// What social networking sites change of it.
pub fn contrast(firms: u32) -> Result<Contrast, Error> {
    let on = Scenario::shipped("belgium")?.with("population.firms", firms)?.with("run.years", 10)?.replicates(4);
    let on = on.with_outcome(Gini);
    on.run()?.versus(&on.with("mechanism.sns.on", false)?.run()?)
}

pub fn main() -> Result<(), Error> {
    let contrast = contrast(2000)?;
    let gini = contrast.effect("exports_gini").expect("the outcome above");
    let (low, high) = (gini.estimate.low, gini.estimate.high);
    println!(
        "{} {:.3} with SNS, {:.3} without; difference {low:.3} to {high:.3}",
        gini.meaning, gini.mean, gini.baseline
    );
    Ok(())
}
