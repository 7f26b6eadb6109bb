//! Decision rules: the plug-ins that say which contacts a firm pursues.
//!
//! | rule               | a contact is pursued if |
//! |--------------------|--------------------------|
//! | `uppsala`          | affordable, tolerable, worth its cost by what the firm believes, and no barrier stops it |
//! | `network`          | the same with θ_D = 0: only outsidership makes uncertain |
//! | `casino`           | affordable, and the wheel says so: a fixed share of the opportunities in hand, blind to distance; a market is left after one loss-making year |
//! | `full-information` | affordable and worth its cost by the true appeal, match and friction; no barrier, no fear |
//!
//! **Predicts** that distance orders entries under `uppsala` and not under `casino`; see
//! `only_the_casino_ignores_distance`.
//!
//! Johanson & Vahlne (1977, 2009); Håkanson & Kappen (2017), *J. Int. Bus. Stud.* 48(9), 1103–1113, for the casino.

crate::choice! {
    /// How a firm decides on contacts.
    pub enum Rule {
        Uppsala = "uppsala",
        Network = "network",
        Casino = "casino",
        FullInformation = "full-information",
    }
}

crate::params! {
    /// The rule by which firms decide on contacts.
    pub struct Decision at "mechanism.decision" {
        /// Which rule firms follow.
        rule: Rule = "uppsala", "", "", "switch";
        /// Share of the opportunities in hand that a casino player stakes on.
        stake: f32 = 0.5 in 0.0 ..= 1.0, "stake", "1", "assumption; Håkanson & Kappen 2017 give no number";
    }
}

/// What a firm knows when it decides on one contact. Money in revenue of one employee.
#[derive(Clone, Copy, Debug)]
pub struct Prospect {
    /// Cost of pursuing the contact.
    pub cost: f32,
    /// Liquid reserves.
    pub purse: f32,
    /// What the firm expects to gain over its horizon, chance of success included.
    pub expected_gain: f32,
    /// What it would gain if it knew its appeal, the match and the friction.
    pub true_gain: f32,
    /// Exposure times uncertainty.
    pub risk: f32,
    /// Tolerable risk.
    pub tolerable: f32,
    /// The contact's own draw in (0, 1), compared with barriers or with the stake.
    pub draw: f32,
    /// Chance that no barrier stops the firm.
    pub unhindered: f32,
}

/// What became of a contact, and if refused, why: the first test that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Verdict {
    Pursue = 0,
    Barrier = 1,
    Money = 2,
    Risk = 3,
    Gain = 4,
}

impl Decision {
    /// Decides on one contact.
    #[inline]
    pub fn judge(&self, prospect: &Prospect) -> Verdict {
        let p = prospect;
        match self.rule {
            Rule::Uppsala | Rule::Network => {
                if p.draw >= p.unhindered {
                    Verdict::Barrier
                } else if p.cost > p.purse {
                    Verdict::Money
                } else if p.risk > p.tolerable {
                    Verdict::Risk
                } else if p.expected_gain <= p.cost {
                    Verdict::Gain
                } else {
                    Verdict::Pursue
                }
            }
            Rule::Casino => {
                if p.draw >= self.stake {
                    Verdict::Barrier
                } else if p.cost > p.purse {
                    Verdict::Money
                } else {
                    Verdict::Pursue
                }
            }
            Rule::FullInformation => {
                if p.cost > p.purse {
                    Verdict::Money
                } else if p.true_gain <= p.cost {
                    Verdict::Gain
                } else {
                    Verdict::Pursue
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Prospect = Prospect {
        cost: 0.1,
        purse: 0.2,
        expected_gain: 0.3,
        true_gain: 0.3,
        risk: 0.5,
        tolerable: 0.6,
        draw: 0.2,
        unhindered: 0.3,
    };

    #[test]
    fn the_first_failed_test_is_the_reason() {
        let rule = Decision::default();
        assert_eq!(rule.judge(&GOOD), Verdict::Pursue);
        assert_eq!(rule.judge(&Prospect { draw: 0.9, purse: 0.0, ..GOOD }), Verdict::Barrier);
        assert_eq!(rule.judge(&Prospect { purse: 0.05, ..GOOD }), Verdict::Money);
        assert_eq!(rule.judge(&Prospect { risk: 0.7, ..GOOD }), Verdict::Risk);
        assert_eq!(rule.judge(&Prospect { expected_gain: 0.05, ..GOOD }), Verdict::Gain);
    }

    #[test]
    fn only_the_casino_ignores_distance() {
        let far = Prospect { risk: 9.0, expected_gain: 0.0, ..GOOD };
        assert_eq!(Decision { rule: Rule::Casino, stake: 0.5 }.judge(&far), Verdict::Pursue);
        assert_eq!(Decision { rule: Rule::Uppsala, stake: 0.5 }.judge(&far), Verdict::Risk);
        let worthless = Prospect { true_gain: 0.0, ..GOOD };
        assert_eq!(Decision { rule: Rule::FullInformation, stake: 0.5 }.judge(&worthless), Verdict::Gain);
    }
}
