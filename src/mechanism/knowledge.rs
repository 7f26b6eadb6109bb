//! Knowledge: markets are learnt by being there, fastest by the young, and forgotten slowly.
//!
//! ```text
//! ΔK = η_K·(1 + g·s)·activity·exp(−entry age/τ_n)·(1 − K)/(1 + ξ_o·new markets this year)
//!      + (k_p·J + k_i·information)·(1 − K) − δ_K·K                                              a quarter
//! ```
//!
//! Activity is an order this quarter; information is (1 − u) times the mean suitability of the platforms used. Partners (J) and informational use of SNS substitute for own experience and
//! fade as it grows; too many new markets at once overload.
//!
//! **Predicts** that knowledge grows with activity, faster for early entrants and slower under overload; see
//! `the_young_learn_faster_and_the_overloaded_slower`.
//!
//! Johanson & Vahlne (1977), *J. Int. Bus. Stud.* 8(1), 23–32; learning advantages of newness: Autio, Sapienza & Almeida
//! (2000), *Acad. Manag. J.* 43(5), 909–924; substitutes for experience: Bruneel, Yli-Renko & Clarysse (2010), *Strateg.
//! Entrep. J.* 4(2), 164–182.

crate::params! {
    /// Knowledge of foreign markets.
    pub struct Knowledge at "mechanism.knowledge" {
        /// Share of the gap closed by an active quarter.
        rate: f32 = 0.15 in 0.0 ..= 1.0, "η_K", "1/quarter", "prototype, pinned by market exits (C5)";
        /// Faster learning per stage.
        stage: f32 = 0.25 in 0.0 ..= 5.0, "g", "1", "assumption";
        /// Age at first entry at which the advantage of newness has fallen to 37 %.
        newness: f32 = 25.0 in 0.5 ..= 1000.0, "τ_n", "years", "assumption, swept 5–60; Autio et al. 2000 for the sign";
        /// Overload per new market in the year.
        overload: f32 = 0.15 in 0.0 ..= 10.0, "ξ_o", "1", "assumption, swept 0–0.5";
        /// Forgetting.
        forgetting: f32 = 0.02 in 0.0 ..= 1.0, "δ_K", "1/quarter", "assumption, swept 0.005–0.08";
        /// Knowledge from partners at full insidership.
        partners: f32 = 0.02 in 0.0 ..= 1.0, "k_p", "1/quarter", "assumption, swept 0–0.1";
        /// Knowledge from informational use of SNS.
        information: f32 = 0.02 in 0.0 ..= 1.0, "k_i", "1/quarter", "assumption, swept 0–0.1";
        /// Whether markets are learnt.
        on: bool = true, "", "", "switch";
    }
}

/// What one market taught in one quarter.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    pub active: bool,
    pub stage: u8,
    /// exp(−entry age/τ_n), worked out at the first entry abroad.
    pub newness: f32,
    pub new_markets: u8,
    /// Insidership of all ties.
    pub insidership: f32,
    /// Informational use of SNS, 0 to 1.
    pub information: f32,
}

impl Knowledge {
    /// Knowledge after a quarter, 0 to 1.
    #[inline]
    pub fn next(&self, k: f32, lesson: &Lesson) -> f32 {
        if !self.on {
            return k;
        }
        let doing = if lesson.active {
            self.rate * (1.0 + self.stage * f32::from(lesson.stage)) * lesson.newness
                / (1.0 + self.overload * f32::from(lesson.new_markets))
        } else {
            0.0
        };
        let hearing = self.partners * lesson.insidership + self.information * lesson.information;
        (k + (doing + hearing) * (1.0 - k) - self.forgetting * k).clamp(0.0, 1.0)
    }

    /// Share of knowledge left after 0, 1, … `quarters` quarters without any lesson.
    pub fn fading(&self, quarters: usize) -> Vec<f32> {
        let kept = if self.on { 1.0 - self.forgetting } else { 1.0 };
        std::iter::successors(Some(1.0), |left| Some(left * kept)).take(quarters + 1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_young_learn_faster_and_the_overloaded_slower() {
        let knowledge = Knowledge::default();
        let lesson =
            Lesson { active: true, stage: 0, newness: 1.0, new_markets: 0, insidership: 0.0, information: 0.0 };
        assert!((knowledge.next(0.2, &lesson) - (0.2 + 0.12 - 0.004)).abs() < 1e-6);
        assert!(knowledge.next(0.2, &Lesson { newness: 0.4, ..lesson }) < knowledge.next(0.2, &lesson));
        assert!(knowledge.next(0.2, &Lesson { new_markets: 4, ..lesson }) < knowledge.next(0.2, &lesson));
        let idle = Lesson { active: false, ..lesson };
        assert!((knowledge.next(0.2, &idle) - 0.2 * knowledge.fading(1)[1]).abs() < 1e-6);
        assert!(knowledge.next(0.2, &idle) < 0.2 && knowledge.next(0.0, &Lesson { insidership: 0.5, ..idle }) > 0.0);
    }
}
