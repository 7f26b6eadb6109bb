//! A decision rule of one's own: affordable loss.
//!
//! Whoever reasons by effectuation does not weigh risk against what a market may bring, but asks what he can afford to
//! lose, and with whom he gets on (Sarasvathy 2001, *Acad. Manag. Rev.* 26(2), 243–263). Here a firm follows up a contact
//! if its cost is at most a share of the cash, with a probability that rises with trust.
//!
//! ```text
//! cargo run --release --example own_rule
//! ```

use fondaco::{ContactView, Contrast, Draw, Error, Rule, Scenario, Verdict};

/// Firms risk what they can afford to lose, on those they trust.
struct AffordableLoss {
    /// Share of its cash that a firm can afford to lose, 0 to 1.
    share: f32,
}

impl Rule for AffordableLoss {
    fn name(&self) -> &str {
        "affordable loss"
    }

    fn judge(&self, contact: &ContactView, draw: &Draw) -> Verdict {
        if contact.cost() > self.share * contact.cash() {
            return Verdict::Money;
        }
        // The ordinal is part of the number's address: number 0 of this contact in this quarter, in any world.
        if draw.uniform(0) < contact.trust() { Verdict::Pursue } else { Verdict::Risk }
    }
}

/// What the rule changes, firm by firm and seed by seed.
pub fn contrast(firms: u32) -> Result<Contrast, Error> {
    let usual = Scenario::shipped("belgium")?.with("population.firms", firms)?.with("run.years", 10)?.replicates(4);
    let own = usual.with_rule(AffordableLoss { share: 0.2 });
    own.run()?.versus(&usual.run()?)
}

pub fn main() -> Result<(), Error> {
    let contrast = contrast(2000)?;
    for name in ["exporter_share", "markets_per_exporter", "born_global"] {
        let effect = contrast.effect(name).expect("an outcome of every run");
        let (low, high) = (effect.estimate.low, effect.estimate.high);
        println!("{name:<24}{:>10.4} against {:.4}, difference {low:.4} to {high:.4}", effect.mean, effect.baseline);
    }
    let flows = contrast.flows();
    println!("{:.0} firms went abroad that had not, {:.0} no longer did", flows.gained.mean, flows.lost.mean);
    Ok(())
}
