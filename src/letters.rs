//! The letters that figures can draw: those of the one font the program carries, so that every machine draws the same.

use std::borrow::Cow;
use std::sync::LazyLock;

use ttf_parser::Face;

/// The font file, DejaVu Sans.
pub const FONT: &[u8] = include_bytes!("../assets/fonts/DejaVuSans.ttf");

static FACE: LazyLock<Face<'static>> =
    LazyLock::new(|| Face::parse(FONT, 0).expect("the font inside the program is whole; a test reads it"));

fn is_drawable(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || FACE.glyph_index(letter).is_some()
}

/// Whether the font has every letter of a text; if not, figures write it in Latin letters ([`legible`]).
pub fn drawable(text: &str) -> bool {
    text.chars().all(is_drawable)
}

/// The text with letters that the font lacks spelt in Latin ones, 北京 as "BeiJing"; "?" for what has no spelling.
pub fn legible(text: &str) -> Cow<'_, str> {
    if drawable(text) {
        return Cow::Borrowed(text);
    }
    let mut spelt = String::new();
    for letter in text.chars() {
        match (is_drawable(letter), any_ascii::any_ascii_char(letter)) {
            (true, _) => spelt.push(letter),
            // Joiners and choices of presentation are no letters.
            (false, "") if matches!(letter, '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}') => {}
            (false, "") => spelt.push('?'),
            (false, latin) => spelt.push_str(latin),
        }
    }
    Cow::Owned(spelt)
}

/// Width of a text whose em is `em`, in the same unit; letters are set side by side, so kerning leaves it a little narrower.
pub fn width(text: &str, em: f64) -> f64 {
    let advance = |letter| FACE.glyph_hor_advance(FACE.glyph_index(letter).unwrap_or_default()).unwrap_or(0);
    let units: f64 = text.chars().map(|letter| f64::from(advance(letter))).sum();
    units * em / f64::from(FACE.units_per_em())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_the_letters_europe_needs() {
        assert!(drawable("AzÄöüßéñçøåłşğžđ€–−…·≥ρ×→² Ελλάδα Србија"));
        assert!((width("mm", 20.0) - 2.0 * width("m", 20.0)).abs() < 1e-9);
        assert!((width("Firms", 24.0) - 2.0 * width("Firms", 12.0)).abs() < 1e-9);
    }

    #[test]
    fn what_the_font_lacks_is_spelt_in_latin_letters_and_never_a_box() {
        assert!(!drawable("出口补贴") && !drawable("한국") && !drawable("trade 🦀"));
        assert_eq!(legible("plain"), "plain");
        for text in ["出口补贴", "한국", "trade 🦀", "ไทย", "हिन्दी", "\u{10ffff}"] {
            let spelt = legible(text);
            assert!(drawable(&spelt) && !spelt.trim().is_empty(), "{text}: {spelt}");
        }
        assert_eq!(legible("北京 office"), "BeiJing office");
    }
}
