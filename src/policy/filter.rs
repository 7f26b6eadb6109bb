//! Conditions on a firm: which variables there are, and how a condition is written.
//!
//! ```text
//! condition = variable ( "<" | "<=" | ">" | ">=" | "=" | "!=" ) value
//! value     = number | true | false | word of the variable | name that tables show: sector S03, home FRA
//! ```

use crate::error::nearest;
use crate::firm::{Firm, Orientation, Relation, Tie, TieState};
use std::cmp::Ordering;

/// A firm as a programme sees it at the start of a quarter.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub firm: &'a Firm,
    pub ties: &'a [Tie],
    pub relations: &'a [Relation],
    /// Quarter.
    pub step: u16,
    /// Peers, and how many of them serve a market abroad.
    pub degree: u32,
    pub exporting_peers: u32,
    /// US$ of one money unit of its home.
    pub unit_usd: f32,
}

/// Most sectors there can be.
pub const MOST_SECTORS: u32 = 100;

/// The names that tables show for numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    /// Codes of the homes, in the order of `population.homes`.
    pub homes: &'a [String],
    /// Sectors, named S01, S02, …
    pub sectors: u32,
}

impl Names<'_> {
    /// The number that a name stands for in a variable that has names, and the names there are.
    fn number(&self, variable: &str, word: &str) -> Option<Result<f64, String>> {
        let at = |position: Option<usize>, known: String| position.map(|at| at as f64).ok_or(known);
        match variable {
            "home" => {
                let known = format!("one of {}", self.homes.join(", "));
                Some(at(self.homes.iter().position(|home| home.eq_ignore_ascii_case(word)), known))
            }
            "sector" => {
                let digits =
                    word.strip_prefix(['S', 's']).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
                let number = digits.and_then(|digits| digits.parse::<usize>().ok());
                let within = number.filter(|number| (1..=self.sectors as usize).contains(number));
                let known =
                    format!("the sectors are S01 to S{:02}, or 0 to {}", self.sectors, self.sectors.saturating_sub(1));
                Some(at(within.map(|number| number - 1), known))
            }
            _ => None,
        }
    }
}

/// A variable of the firm with its meaning and how it is read.
#[derive(Clone, Copy)]
pub struct Variable {
    pub name: &'static str,
    pub meaning: &'static str,
    /// Words that stand for its numbers, 0 the first; none for plain numbers.
    pub words: &'static [&'static str],
    pub read: fn(&Subject) -> f64,
}

impl std::fmt::Debug for Variable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const SWITCH: &[&str] = &["false", "true"];

macro_rules! variables {
    ($($name:literal, $meaning:literal, $words:expr, $read:expr;)+) => {
        /// Every variable that conditions and scores can name.
        pub const VARIABLES: &[Variable] = &[$(Variable { name: $name, meaning: $meaning, words: $words, read: $read }),+];
    };
}

variables! {
    "employees", "domestic revenue and last year's exports over revenue per employee", &[],
        |s| f64::from(s.firm.size + s.firm.exports_last);
    "age", "years since founding", &[], |s| f64::from(i32::from(s.step) - i32::from(s.firm.born)) / 4.0;
    "sector", "number of the sector, 0 the first", &[], |s| f64::from(s.firm.sector);
    "district", "number of the district, 0 the first", &[], |s| f64::from(s.firm.district);
    "home", "number of the home among population.homes, 0 the first", &[], |s| f64::from(s.firm.home);
    "on_sns", "uses social networking sites", SWITCH, |s| f64::from(u8::from(s.firm.on_sns));
    "platforms", "platforms used", &[], |s| if s.firm.on_sns { f64::from(s.firm.platforms.count_ones()) } else { 0.0 };
    "proactivity", "proactivity, 0 to 1", &[], |s| f64::from(s.firm.proactivity);
    "skill", "business skill, 0 to 1", &[], |s| f64::from(s.firm.skill);
    "digital", "digital skill, 0 to 1", &[], |s| f64::from(s.firm.digital);
    "objectives", "clarity of objectives, 0 to 1", &[], |s| f64::from(s.firm.objectives);
    "inertia", "inertia, 0 to 1", &[], |s| f64::from(s.firm.inertia);
    "psychological", "psychological barriers, 0 to 1", &[], |s| f64::from(s.firm.barriers[0]);
    "organisational", "organisational barriers, 0 to 1", &[], |s| f64::from(s.firm.barriers[1]);
    "operational", "operational barriers, 0 to 1", &[], |s| f64::from(s.firm.barriers[2]);
    "product", "product and market barriers, 0 to 1", &[], |s| f64::from(s.firm.barriers[3]);
    "slack", "liquid reserves in quarters of domestic revenue", &[], |s| f64::from(s.firm.slack);
    "orientation", "attitude to exporting", &Orientation::NAMES, |s| f64::from(s.firm.orientation as u8);
    "exporter", "exported last year", SWITCH, |s| f64::from(u8::from(s.firm.exports_last > 0.0));
    "ever_exported", "has sold abroad before", SWITCH, |s| f64::from(u8::from(s.firm.first_sale >= 0));
    "exports", "last year's exports in US$", &[], |s| f64::from(s.firm.exports_last * s.unit_usd);
    "export_share", "last year's exports over domestic revenue and exports", &[],
        |s| f64::from(s.firm.exports_last / (s.firm.size + s.firm.exports_last));
    "markets", "markets served", &[], |s| s.relations.iter().filter(|relation| relation.since >= 0).count() as f64;
    "stage", "highest stage abroad, 0 sporadic to 3 production", &[],
        |s| f64::from(s.relations.iter().map(|relation| relation.stage).max().unwrap_or(0));
    "ties", "ties abroad of any kind", &[], |s| s.ties.len() as f64;
    "contacts", "ties abroad with nothing done yet", &[], |s| with(s, TieState::Contact);
    "pursuits", "contacts being followed up", &[], |s| with(s, TieState::Pursued);
    "customers", "ties that buy", &[], |s| with(s, TieState::Customer);
    "successes", "contacts that have become customers so far", &[], |s| f64::from(s.firm.successes);
    "degree", "peers at home and in other homes", &[], |s| f64::from(s.degree);
    "exporting_peers", "peers that serve a market abroad", &[], |s| f64::from(s.exporting_peers);
}

fn with(subject: &Subject, state: TieState) -> f64 {
    subject.ties.iter().filter(|tie| tie.state == state).count() as f64
}

impl Variable {
    /// The variable of a name.
    ///
    /// # Errors
    /// What is wrong and, if there is one, the name that was probably meant.
    pub fn of(name: &str) -> Result<Self, Unreadable> {
        VARIABLES.iter().find(|variable| variable.name == name).copied().ok_or_else(|| {
            let near = nearest(name, VARIABLES.iter().map(|variable| variable.name));
            let known: Vec<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
            Unreadable {
                title: format!("a firm has no variable `{name}`"),
                help: near.map_or(format!("known: {}", known.join(", ")), |near| format!("did you mean `{near}`?")),
            }
        })
    }

    fn value(&self, word: &str, names: &Names) -> Result<f64, Unreadable> {
        let word = word.trim_matches(['"', '\'']);
        if word.parse::<f64>().is_err()
            && let Some(named) = names.number(self.name, word)
        {
            return named.map_err(|help| Unreadable { title: format!("there is no {} `{word}`", self.name), help });
        }
        if let Some(at) = self.words.iter().position(|known| *known == word) {
            return Ok(at as f64);
        }
        match word.parse::<f64>() {
            Ok(number) if number.is_finite() && self.words.is_empty() => Ok(number),
            _ if self.words.is_empty() => Err(Unreadable {
                title: format!("`{word}` is no number"),
                help: format!("{} is a number: {}", self.name, self.meaning),
            }),
            _ => Err(Unreadable {
                title: format!("{} cannot be `{word}`", self.name),
                help: format!("{}: one of {}", self.meaning, self.words.join(", ")),
            }),
        }
    }
}

/// Why a condition cannot be read, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub title: String,
    pub help: String,
}

/// A condition on one variable of the firm.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    pub variable: Variable,
    /// Orders that satisfy it.
    pub(super) accepts: [Option<Ordering>; 2],
    pub value: f64,
}

impl Condition {
    /// Does it hold for a firm?
    pub fn holds(&self, subject: &Subject) -> bool {
        let order = (self.variable.read)(subject).partial_cmp(&self.value);
        order.is_some() && self.accepts.contains(&order)
    }
}

/// The comparisons, the longer signs first.
const SIGNS: [(&str, [Option<Ordering>; 2]); 6] = [
    ("<=", [Some(Ordering::Less), Some(Ordering::Equal)]),
    (">=", [Some(Ordering::Greater), Some(Ordering::Equal)]),
    ("!=", [Some(Ordering::Less), Some(Ordering::Greater)]),
    ("<", [Some(Ordering::Less), None]),
    (">", [Some(Ordering::Greater), None]),
    ("=", [Some(Ordering::Equal), None]),
];

impl Condition {
    /// Reads a condition, in which numbers may have the names that tables show.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn read(text: &str, names: &Names) -> Result<Self, Unreadable> {
        let shape = || Unreadable {
            title: format!("`{text}` is no condition"),
            help: "write a variable, one of < <= > >= = !=, and a value, such as \"employees < 50\"".into(),
        };
        let at = text.find(['<', '>', '=', '!']).ok_or_else(shape)?;
        let (sign, accepts) = SIGNS.iter().find(|(sign, _)| text[at..].starts_with(sign)).ok_or_else(shape)?;
        let variable = Variable::of(text[..at].trim())?;
        let word = text[at + sign.len()..].trim();
        if word.is_empty() || word.starts_with('=') {
            return Err(shape());
        }
        Ok(Self { variable, accepts: *accepts, value: variable.value(word, names)? })
    }
}

/// The variable of a score and whether its order is turned round.
///
/// # Errors
/// When there is no such variable.
pub fn score(text: &str) -> Result<(Variable, bool), Unreadable> {
    let text = text.trim();
    let (name, turned) = text.strip_prefix('-').map_or((text, false), |name| (name.trim(), true));
    Ok((Variable::of(name)?, turned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Seed;
    use crate::firm::birth::Population;

    fn names() -> Names<'static> {
        static HOMES: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| vec!["NOR".into(), "CHL".into()]);
        Names { homes: &HOMES, sectors: 12 }
    }

    #[test]
    fn conditions_take_the_names_that_tables_show() {
        let value = |text: &str| Condition::read(text, &names()).map(|condition| condition.value);
        let known = [("sector = S03", 2.0), ("sector != \"S12\"", 11.0), ("sector = 4", 4.0), ("home = \"CHL\"", 1.0)];
        for (text, number) in known {
            assert_eq!(value(text), Ok(number), "{text}");
        }
        let unknown = value("sector = S13").unwrap_err();
        assert_eq!(unknown.title, "there is no sector `S13`");
        assert_eq!(unknown.help, "the sectors are S01 to S12, or 0 to 11");
        assert_eq!(value("home = SWE").unwrap_err().help, "one of NOR, CHL");
        assert!(value("age = S03").is_err());
    }

    fn holds(condition: &str) -> bool {
        let mut firm = Population::default().newborn(Seed::new(1, 0), 0, 0, 4, 1.5, 0.0);
        (firm.size, firm.on_sns, firm.orientation) = (10.0, true, Orientation::Passive);
        let subject = Subject {
            firm: &firm,
            ties: &[],
            relations: &[],
            step: 12,
            degree: 3,
            exporting_peers: 1,
            unit_usd: 1000.0,
        };
        Condition::read(condition, &names()).map_err(|error| error.title).expect("it can be read").holds(&subject)
    }

    #[test]
    fn conditions_compare_variables() {
        let true_ones =
            ["employees >= 10", "employees<=10", "age = 2", "on_sns=true", "orientation = passive", "degree != 4"];
        for condition in true_ones {
            assert!(holds(condition), "{condition}");
        }
        for condition in ["employees < 10", "age > 2", "exporter = true", "orientation = \"proactive\"", "degree != 3"]
        {
            assert!(!holds(condition), "{condition}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let fault = |text: &str| Condition::read(text, &names()).expect_err("it cannot be read");
        assert_eq!(fault("employes < 50").help, "did you mean `employees`?");
        assert_eq!(fault("employees about 50").title, "`employees about 50` is no condition");
        assert_eq!(fault("employees < few").title, "`few` is no number");
        assert_eq!(fault("on_sns = yes").help, "uses social networking sites: one of false, true");
        assert_eq!(fault("age ==").title, "`age ==` is no condition");
    }

    #[test]
    fn a_minus_sign_turns_a_score_round() {
        let read = |text| score(text).map(|(variable, turned)| (variable.name, turned)).map_err(|error| error.help);
        assert_eq!(read("-age"), Ok(("age", true)));
        assert_eq!(read("degree"), Ok(("degree", false)));
        assert!(read("fame").is_err());
    }
}
