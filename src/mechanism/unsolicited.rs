//! Unsolicited contacts: foreign buyers find the firm.
//!
//! ```text
//! rate = λ_u · visibility · z^ω         visibility = 1 + v_w·web(t) + v_s·reach
//! ```
//!
//! The web grows along an S-curve; reach is what the firm's activity on social networking sites adds.
//!
//! **Predicts** that passive exporters exist and that visible firms get more orders out of the blue; see
//! `visibility_brings_contacts`.
//!
//! Johanson & Vahlne (2009), *J. Int. Bus. Stud.* 40(9), 1411–1431; Hagsten & Kotnik (2017), *Small Bus. Econ.* 48(2),
//! 431–446, for websites.

use crate::number::logistic;

crate::params! {
    /// Unsolicited contacts from abroad.
    pub struct Unsolicited at "mechanism.unsolicited" {
        /// Contacts a year of a one-person firm of visibility 1.
        rate: f32 = 0.216 in 0.0 ..= 20.0, "λ_u", "1/year", "prototype, pinned by entry and exit of exporters (C1, C4)";
        /// Gain of visibility once every firm has a website.
        web: f32 = 0.5 in 0.0 ..= 10.0, "v_w", "1", "assumption, swept 0–2; sign from Hagsten & Kotnik 2017";
        /// Year in which half of the firms have a website.
        web_year: f32 = 2004.0 in 1900.0 ..= 2200.0, "web midpoint", "year", "Eurostat: 67 % of EU firms with 10+ staff in 2010, 73 % in 2013";
        /// Width of the spread of websites.
        web_width: f32 = 5.0 in 0.1 ..= 100.0, "web width", "years", "as above";
        /// Gain of visibility per unit of reach on social networking sites.
        reach: f32 = 0.3 in 0.0 ..= 10.0, "v_s", "1", "assumption, swept 0–2";
        /// Whether foreign buyers write first.
        on: bool = true, "", "", "switch";
    }
}

impl Unsolicited {
    /// Share of firms with a website in a calendar year.
    pub fn spread(&self, year: f32) -> f32 {
        logistic((year - self.web_year) / self.web_width)
    }

    /// Contacts a year; `web` the share of firms with a website, `scale` is z^ω.
    #[inline]
    pub fn rate(&self, web: f32, reach: f32, scale: f32) -> f32 {
        if self.on { self.rate * (1.0 + self.web * web + self.reach * reach) * scale } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visibility_brings_contacts() {
        let unsolicited = Unsolicited::default();
        assert!((unsolicited.rate(0.0, 0.0, 1.0) - 0.216).abs() < 1e-6);
        assert!((unsolicited.rate(1.0, 2.0, 1.0) - 0.216 * 2.1).abs() < 1e-6);
        assert!((unsolicited.spread(2004.0) - 0.5).abs() < 1e-6);
    }
}
