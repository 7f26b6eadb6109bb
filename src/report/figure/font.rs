//! Texts of figures cut and broken to the room there is, in the font of [`letters`].

use crate::letters;
pub use crate::letters::width;

/// What SVG readers look for, in this order; the letters are measured with the first.
pub const FAMILY: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// The widest of some texts.
pub fn widest<'a>(texts: impl IntoIterator<Item = &'a str>, em: f64) -> f64 {
    texts.into_iter().map(|text| width(text, em)).fold(0.0, f64::max)
}

/// The text as it can be drawn: without characters that XML forbids or nobody can see, line ends as blanks, letters
/// that the font lacks in Latin ones.
pub fn clean(text: &str) -> String {
    letters::legible(text)
        .chars()
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .filter(|letter| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}'))
        .collect()
}

/// The text, cut with "…" where it would be wider than `room`.
pub fn fit(text: &str, em: f64, room: f64) -> String {
    if width(text, em) <= room {
        return text.to_owned();
    }
    let mut cut: Vec<char> = text.chars().collect();
    while cut.pop().is_some() {
        let short = cut.iter().collect::<String>().trim_end().to_owned() + "…";
        if width(&short, em) <= room {
            return short;
        }
    }
    "…".to_owned()
}

/// The text broken at blanks into lines no wider than `room`; what does not fit into `most` lines is cut.
pub fn wrap(text: &str, em: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if lines_fit(line, word, em, room) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        let rest = lines.split_off(most.saturating_sub(1)).join(" ");
        lines.push(rest);
    }
    lines.iter().map(|line| fit(line, em, room)).collect()
}

/// As [`wrap`], with lines of about the same width.
pub fn balance(text: &str, em: f64, room: f64, most: usize) -> Vec<String> {
    let lines = wrap(text, em, room, usize::MAX);
    if lines.len() < 2 || lines.len() > most {
        return wrap(text, em, room, most);
    }
    let narrower = (1..20).map(|step| wrap(text, em, room * (1.0 - 0.025 * f64::from(step)), usize::MAX));
    narrower.take_while(|other| other.len() == lines.len()).last().unwrap_or(lines)
}

fn lines_fit(line: &str, word: &str, em: f64, room: f64) -> bool {
    width(line, em) + width(" ", em) + width(word, em) <= room
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_broken_and_cut() {
        let text = "internationalization of small and medium-sized enterprises through social networks";
        let lines = wrap(text, 12.0, 200.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
        assert!(lines.iter().all(|line| width(line, 12.0) <= 200.0));
        assert_eq!(wrap(text, 12.0, 2000.0, 2), [text]);
        let even = balance(text, 12.0, 450.0, 2);
        assert_eq!(even.len(), 2);
        assert!((width(&even[0], 12.0) - width(&even[1], 12.0)).abs() < 120.0, "{even:?}");
        assert_eq!(fit("abc", 12.0, 0.0), "…");
        assert_eq!((clean("a\nb\u{0}c"), clean("北京")), ("a bc".to_owned(), "BeiJing".to_owned()));
    }
}
