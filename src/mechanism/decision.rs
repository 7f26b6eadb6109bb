//! Decision rules: the plug-ins that say which contacts a firm pursues.
//!
//! | rule               | a contact is pursued if |
//! |--------------------|--------------------------|
//! | `uppsala`          | affordable, tolerable, worth its cost by what the firm believes, and no barrier stops it |
//! | `network`          | the same with θ_D = 0: only outsidership makes uncertain |
//! | `casino`           | affordable, and the wheel says so: a fixed share of the opportunities in hand, blind to distance; a market is left after one loss-making year |
//! | `full-information` | affordable and worth its cost by the true appeal, match and friction, and by how long the customer is expected to stay; no barrier, no fear |
//!
//! Contacts that a barrier stops, or that the wheel passes over, never come so far: they do not pass the screening. Those through
//! social networking sites (SNS) do come; the firm knows them, and their own draw says whether a barrier or the wheel keeps it
//! from following them up.
//!
//! **Predicts** that distance orders entries under `uppsala` and not under `casino`; see
//! `only_the_casino_ignores_distance`.
//!
//! Johanson & Vahlne (1977), *J. Int. Bus. Stud.* 8(1), 23–32, and (2009), 40(9), 1411–1431; Håkanson & Kappen (2017),
//! *J. Int. Bus. Stud.* 48(9), 1103–1113, for the casino.

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

/// What a firm knows when it decides on a contact that passed its screening. Money in revenue of one employee.
#[derive(Clone, Copy, Debug)]
pub struct Prospect {
    /// Cost of pursuing the contact.
    pub cost: f32,
    /// Liquid reserves.
    pub cash: f32,
    /// What the firm expects to gain over its horizon, chance of success included; where it is asked for.
    pub expected_gain: f32,
    /// What it would gain if it knew its appeal, the match, the friction and how customers leave; under full information.
    pub true_gain: f32,
    /// Exposure times uncertainty, and tolerable risk; where they are asked for.
    pub risk: f32,
    pub tolerable: f32,
}

impl Prospect {
    /// A contact of which nothing has been weighed: what a rule does not ask for stays unknown.
    pub const UNWEIGHED: Self = Self {
        cost: f32::NAN,
        cash: f32::NAN,
        expected_gain: f32::NAN,
        true_gain: f32::NAN,
        risk: f32::NAN,
        tolerable: f32::NAN,
    };
}

/// What became of a contact, and if refused, why: the first test that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Verdict {
    /// It is followed up.
    Pursue = 0,
    /// A barrier keeps the firm from it.
    Barrier = 1,
    /// It costs more than the firm has.
    Money = 2,
    /// It is riskier than the firm tolerates.
    Risk = 3,
    /// It is not worth its cost.
    Gain = 4,
}

impl Decision {
    /// Share of contacts that pass the screening of a firm that barriers leave `unhindered` in this share of cases.
    #[inline]
    pub fn screening(&self, unhindered: f32) -> f32 {
        match self.rule {
            Rule::Uppsala | Rule::Network => unhindered,
            Rule::Casino => self.stake,
            Rule::FullInformation => 1.0,
        }
    }

    /// Does the rule look at the risk of a contact that the firm can afford?
    #[inline]
    pub fn asks_for_risk(&self) -> bool {
        matches!(self.rule, Rule::Uppsala | Rule::Network)
    }

    /// Does the rule look at what the firm expects to gain, cost and risk being as they are?
    #[inline]
    pub fn asks_for_gain(&self, p: &Prospect) -> bool {
        self.asks_for_risk() && p.cost <= p.cash && p.risk <= p.tolerable
    }

    /// Decides on one contact.
    #[inline]
    pub fn judge(&self, p: &Prospect) -> Verdict {
        if p.cost > p.cash {
            return Verdict::Money;
        }
        match self.rule {
            Rule::Uppsala | Rule::Network if p.risk > p.tolerable => Verdict::Risk,
            Rule::Uppsala | Rule::Network if p.expected_gain <= p.cost => Verdict::Gain,
            Rule::FullInformation if p.true_gain <= p.cost => Verdict::Gain,
            _ => Verdict::Pursue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Prospect =
        Prospect { cost: 0.1, cash: 0.2, expected_gain: 0.3, true_gain: 0.3, risk: 0.5, tolerable: 0.6 };

    #[test]
    fn the_first_failed_test_is_the_reason() {
        let rule = Decision::default();
        assert_eq!(rule.judge(&GOOD), Verdict::Pursue);
        assert_eq!(rule.judge(&Prospect { cash: 0.05, risk: 0.7, ..GOOD }), Verdict::Money);
        assert_eq!(rule.judge(&Prospect { risk: 0.7, expected_gain: 0.05, ..GOOD }), Verdict::Risk);
        assert_eq!(rule.judge(&Prospect { expected_gain: 0.05, ..GOOD }), Verdict::Gain);
    }

    #[test]
    fn nothing_is_asked_for_that_the_first_failed_test_leaves_open() {
        let rule = Decision::default();
        assert!(rule.asks_for_gain(&GOOD));
        assert!(!rule.asks_for_gain(&Prospect { cash: 0.05, ..GOOD }));
        assert!(!rule.asks_for_gain(&Prospect { risk: 0.7, ..GOOD }));
        assert!(!Decision { rule: Rule::FullInformation, ..rule }.asks_for_risk());
    }

    #[test]
    fn only_the_casino_ignores_distance() {
        let casino = Decision { rule: Rule::Casino, stake: 0.5 };
        let far = Prospect { risk: 9.0, expected_gain: 0.0, ..GOOD };
        assert_eq!(casino.judge(&far), Verdict::Pursue);
        assert_eq!(Decision { rule: Rule::Uppsala, ..casino }.judge(&far), Verdict::Risk);
        let worthless = Prospect { true_gain: 0.0, ..GOOD };
        assert_eq!(Decision { rule: Rule::FullInformation, ..casino }.judge(&worthless), Verdict::Gain);
        assert_eq!(
            [Rule::Uppsala, Rule::Casino, Rule::FullInformation].map(|rule| Decision { rule, ..casino }.screening(0.2)),
            [0.2, 0.5, 1.0]
        );
    }
}
