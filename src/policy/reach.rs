//! Whom conditions can reach: told where nobody can meet them, however the run goes.

use super::Instrument;
use super::filter::{Condition, Names, VARIABLES};
use crate::error::Fault;
use crate::firm::Orientation;
use std::cmp::Ordering;

/// What bounds the variables of firms in a scenario.
#[derive(Clone, Copy, Debug)]
pub struct Bounds<'a> {
    pub names: Names<'a>,
    /// Districts of the home that has most of them.
    pub districts: u32,
    /// Employees of the largest firm at birth.
    pub largest: f64,
    /// Years beyond which no firm can be old.
    pub oldest: f64,
    /// Platforms that are on.
    pub platforms: u32,
    /// Do firms have peers?
    pub peers: bool,
}

/// Values that are left of a variable by some conditions.
#[derive(Clone, Debug)]
struct Left {
    low: f64,
    high: f64,
    /// Are the ends themselves left out?
    open: [bool; 2],
    whole: bool,
    /// Single values that are left out.
    without: Vec<f64>,
}

impl Left {
    fn at_least(&mut self, value: f64, open: bool) {
        if value > self.low || (value == self.low && open) {
            (self.low, self.open[0]) = (value, open);
        }
    }

    fn at_most(&mut self, value: f64, open: bool) {
        if value < self.high || (value == self.high && open) {
            (self.high, self.open[1]) = (value, open);
        }
    }

    fn take(&mut self, condition: &Condition) {
        let takes = |order| condition.accepts.contains(&Some(order));
        let (less, equal, more) = (takes(Ordering::Less), takes(Ordering::Equal), takes(Ordering::Greater));
        if !less {
            self.at_least(condition.value, !equal);
        }
        if !more {
            self.at_most(condition.value, !equal);
        }
        if less && more {
            self.without.push(condition.value);
        }
    }

    fn is_positive(&self) -> bool {
        self.low > 0.0 || (self.low == 0.0 && self.open[0])
    }

    fn is_empty(&self) -> bool {
        if !self.whole {
            let edge = self.open[0] || self.open[1] || self.without.contains(&self.low);
            return self.low > self.high || (self.low == self.high && edge);
        }
        // The few whole numbers that are left one by one; a long row cannot be used up.
        const FEW: f64 = 100_000.0;
        let first = if self.open[0] { self.low.floor() + 1.0 } else { self.low.ceil() };
        let last = if self.open[1] { self.high.ceil() - 1.0 } else { self.high.floor() };
        if last - first > FEW {
            return false;
        }
        !(0..=(last - first).max(-1.0) as i64)
            .any(|k| first + k as f64 <= last && !self.without.contains(&(first + k as f64)))
    }
}

impl Bounds<'_> {
    /// All values that a variable can have.
    fn of(&self, variable: &str) -> Left {
        let top = |number: u32| f64::from(number.max(1) - 1);
        let (low, high, whole) = match variable {
            "employees" => (1.0, f64::INFINITY, false),
            "age" => (0.0, self.oldest, false),
            "sector" => (0.0, top(self.names.sectors), true),
            "district" => (0.0, top(self.districts), true),
            "home" => (0.0, top(self.names.homes.len() as u32), true),
            "on_sns" => (0.0, f64::from(self.platforms.min(1)), true),
            "platforms" => (0.0, f64::from(self.platforms), true),
            "exporter" | "ever_exported" => (0.0, 1.0, true),
            "orientation" => (0.0, top(Orientation::NAMES.len() as u32), true),
            "stage" => (0.0, 3.0, true),
            "proactivity" | "skill" | "digital" | "objectives" | "inertia" | "psychological" | "organisational"
            | "operational" | "product" | "export_share" => (0.0, 1.0, false),
            "exports" => (0.0, f64::INFINITY, false),
            "slack" => (f64::NEG_INFINITY, f64::INFINITY, false),
            "degree" | "exporting_peers" if !self.peers => (0.0, 0.0, true),
            _ => (0.0, f64::INFINITY, true),
        };
        Left { low, high, open: [low == f64::NEG_INFINITY, high == f64::INFINITY], whole, without: Vec::new() }
    }
}

/// Who has the first has the second too; counts of which the first is a part of the second.
const IMPLIES: [(&str, &str); 12] = [
    ("exporter", "exports"),
    ("exports", "exporter"),
    ("exports", "export_share"),
    ("export_share", "exports"),
    ("exporter", "ever_exported"),
    ("on_sns", "platforms"),
    ("platforms", "on_sns"),
    ("exporting_peers", "degree"),
    ("contacts", "ties"),
    ("pursuits", "ties"),
    ("customers", "ties"),
    ("stage", "ever_exported"),
];

/// The faults of a measure that nobody, or hardly anybody, can meet the conditions of.
pub fn faults(name: &str, instrument: &Instrument, bounds: &Bounds) -> Vec<Fault> {
    let read = instrument.who.iter().map(|text| (text.as_str(), Condition::read(text, &bounds.names)));
    let conditions: Vec<(&str, Condition)> = read.filter_map(|(text, read)| Some((text, read.ok()?))).collect();
    let setting = format!("instrument.{name}.who");
    let quoted = |texts: &[&str]| texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(" and ");
    let mut faults = Vec::new();
    let mut left: Vec<(&str, Left)> =
        VARIABLES.iter().map(|variable| (variable.name, bounds.of(variable.name))).collect();
    for (variable, left) in &mut left {
        let own: Vec<&str> = conditions
            .iter()
            .filter(|(_, condition)| condition.variable.name == *variable)
            .map(|(text, _)| *text)
            .collect();
        let all = left.clone();
        for (_, condition) in conditions.iter().filter(|(_, condition)| condition.variable.name == *variable) {
            left.take(condition);
        }
        if !own.is_empty() && left.is_empty() {
            let nobody = format!("nobody can meet {} of measure {name}", quoted(&own));
            let label = if own.len() > 1 { "they contradict each other".to_owned() } else { span(variable, &all) };
            faults.push(Fault::setting(&setting, nobody).expected(label).help(WIDEN).warning());
        }
        // Sizes begin below a cap and hardly grow beyond it.
        if *variable == "employees" && left.low > bounds.largest && faults.is_empty() {
            let hardly = format!("hardly any firm can meet {} of measure {name}", quoted(&own));
            let cap = format!("firms begin with at most {} employees (population.size_cap)", bounds.largest);
            faults.push(Fault::setting(&setting, hardly).expected(cap).help(WIDEN).warning());
        }
    }
    if faults.is_empty() {
        faults.extend(contradiction(&mut left).map(|(first, second)| {
            let told: Vec<&str> = conditions
                .iter()
                .filter(|(_, condition)| [first, second].contains(&condition.variable.name))
                .map(|(text, _)| *text)
                .collect();
            let nobody = format!("nobody can meet {} of measure {name}", quoted(&told));
            let label = format!("who has {first} above 0 has {second} above 0");
            Fault::setting(&setting, nobody).expected(label).help(WIDEN).warning()
        }));
    }
    faults
}

const WIDEN: &str = "change or leave out a condition; as it stands, the measure reaches nobody";

/// Two variables of which conditions ask what cannot be together.
fn contradiction(left: &mut [(&str, Left)]) -> Option<(&'static str, &'static str)> {
    let at = |left: &[(&str, Left)], name: &str| {
        left.iter().position(|(known, _)| *known == name).expect("it is a variable")
    };
    // What follows from what follows: as often as there are links.
    for _ in 0..IMPLIES.len() {
        for (first, second) in IMPLIES {
            let (a, b) = (at(left, first), at(left, second));
            if left[a].1.is_positive() {
                left[b].1.at_least(0.0, true);
            }
            if left[b].1.high <= 0.0 {
                left[a].1.at_most(0.0, false);
            }
            if left[a].1.is_empty() || left[b].1.is_empty() {
                return Some((first, second));
            }
        }
    }
    None
}

/// Between what a variable lies, in words.
fn span(variable: &str, all: &Left) -> String {
    match (all.low.is_finite(), all.high.is_finite()) {
        (true, true) => format!("{variable} lies between {} and {}", all.low, all.high),
        (true, false) => format!("{variable} is at least {}", all.low),
        _ => format!("no {variable} is both"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(who: &[&str]) -> Vec<String> {
        let homes = ["PRT".to_owned()];
        let bounds = Bounds {
            names: Names { homes: &homes, sectors: 8 },
            districts: 5,
            largest: 300.0,
            oldest: 130.0,
            platforms: 4,
            peers: true,
        };
        let instrument = Instrument { who: who.iter().map(|&text| text.to_owned()).collect(), ..Instrument::default() };
        faults("m", &instrument, &bounds).into_iter().map(|fault| fault.title).collect()
    }

    #[test]
    fn conditions_that_nobody_can_meet_are_told() {
        for (who, quoted) in [
            (&["age > 12", "on_sns = true", "age <= 12"][..], "\"age > 12\" and \"age <= 12\""),
            (&["proactivity > 1"], "\"proactivity > 1\""),
            (&["sector = 8"], "\"sector = 8\""),
            (&["home = 1"], "\"home = 1\""),
            (&["district > 4"], "\"district > 4\""),
            (&["markets < 0"], "\"markets < 0\""),
            (&["orientation != passive", "orientation != proactive", "orientation != non-exporter"], ""),
            (&["degree > 3", "degree < 4"], "\"degree > 3\" and \"degree < 4\""),
            (&["age > 131"], "\"age > 131\""),
            (&["exporter = true", "exports = 0"], "\"exporter = true\" and \"exports = 0\""),
            (&["exporter = true", "ever_exported = false"], "\"exporter = true\" and \"ever_exported = false\""),
            (&["on_sns = false", "platforms >= 2"], "\"on_sns = false\" and \"platforms >= 2\""),
            (&["degree = 0", "exporting_peers > 0"], "\"degree = 0\" and \"exporting_peers > 0\""),
        ] {
            let told = told(who);
            assert!(told.len() == 1 && told[0].starts_with("nobody can meet "), "{who:?}: {told:?}");
            assert!(told[0].contains(quoted), "{who:?}: {told:?}");
        }
        assert!(told(&["employees >= 500"])[0].starts_with("hardly any firm can meet \"employees >= 500\""));
    }

    #[test]
    fn conditions_that_somebody_can_meet_are_not() {
        for who in [
            &["age > 3", "age < 10", "exporter = false"][..],
            &["sector = S08", "home = PRT", "district = 4"],
            &["age >= 5", "age <= 5", "slack < -2"],
            &["degree > 3", "degree != 4"],
            &["exporter = true", "exports > 1e6", "platforms = 0", "on_sns = false"],
            &["employees < 250", "employees >= 1", "psychological > 0.5", "ties = 0"],
            &[],
        ] {
            assert!(told(who).is_empty(), "{who:?}: {:?}", told(who));
        }
    }
}
