//! Capacity: what a firm can produce; home comes first, and growth has a limit.
//!
//! ```text
//! target = (1 + spare) · (z + orders wanted in a year)        capacity grows at most γ_c·(1 − i_max·I) a year
//! free for export this quarter = (capacity − z)/4;            an order beyond it is lost and costs trust
//! ```
//!
//! **Predicts** that sudden success strains the firm; see `growth_has_a_limit`.
//!
//! Chetty & Campbell-Hunt (2004), *J. Int. Mark.* 12(1), 57–81, on explosive growth; limits to growth: Penrose
//! (1959), *The Theory of the Growth of the Firm*.

crate::params! {
    /// Production capacity.
    pub struct Capacity at "mechanism.capacity" {
        /// Spare capacity a firm aims at.
        spare: f32 = 0.3 in 0.0 ..= 10.0, "spare", "1", "prototype, pinned by export intensity (C9)";
        /// Fastest growth of capacity.
        growth: f32 = 1.8 in 0.0 ..= 50.0, "γ_c", "1/year", "calibrated to the few SMEs that live by exports (C9), within 0.2–2";
        /// Share of trust lost when an order cannot be filled.
        lost_trust: f32 = 0.2 in 0.0 ..= 1.0, "lost trust", "1", "assumption, swept 0–1";
        /// Whether capacity limits exports.
        on: bool = true, "", "", "switch";
    }
}

impl Capacity {
    /// Capacity a new firm of size `z` starts with.
    #[inline]
    pub fn initial(&self, z: f32) -> f32 {
        (1.0 + self.spare) * z
    }

    /// Capacity next quarter; `wanted` orders a year, `drive` = 1 − i_max·I.
    #[inline]
    pub fn next(&self, capacity: f32, z: f32, wanted: f32, drive: f32) -> f32 {
        let target = (1.0 + self.spare) * (z + wanted);
        let fastest = capacity * (1.0 + 0.25 * self.growth * drive);
        // Idle capacity is given up a quarter of the gap at a time.
        if target > capacity { target.min(fastest) } else { capacity + 0.25 * (target - capacity) }
    }

    /// What can be exported in one quarter.
    #[inline]
    pub fn free(&self, capacity: f32, z: f32) -> f32 {
        if self.on { 0.25 * (capacity - z).max(0.0) } else { f32::INFINITY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_has_a_limit() {
        let capacity = Capacity { growth: 1.15, ..Capacity::default() };
        assert_eq!(capacity.initial(10.0), 13.0);
        assert!((capacity.next(13.0, 10.0, 100.0, 1.0) - 13.0 * 1.2875).abs() < 1e-4);
        assert!((capacity.next(13.0, 10.0, 0.5, 1.0) - 13.65).abs() < 1e-4);
        assert!((capacity.free(13.0, 10.0) - 0.75).abs() < 1e-6);
    }
}
