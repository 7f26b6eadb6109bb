//! What a result rests on: program, scenario, seed and the contents of every file read; and where two of them differ.

use crate::scenario::Copies;
use serde::{Deserialize, Serialize};

/// A data file read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The name by which it was asked for.
    pub name: String,
    /// BLAKE3 hash of its contents in hexadecimal.
    pub blake3: String,
}

/// All that decides the numbers of a result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Version of the program.
    pub program: String,
    /// Hash of every setting that can change a number.
    pub scenario: String,
    pub seed: u64,
    pub inputs: Vec<Input>,
}

impl Copies {
    /// Names files that have a copy in a result by its place, so that where they were read from does not show.
    pub fn rename(&self, inputs: &mut [Input]) {
        for input in inputs {
            if let Some((_, place)) = self.iter().find(|(original, _)| original.display().to_string() == input.name) {
                input.name = place.to_owned();
            }
        }
    }
}

impl Basis {
    /// What this program makes of a scenario.
    pub fn new(scenario: String, seed: i64, inputs: Vec<Input>) -> Self {
        Self { program: env!("CARGO_PKG_VERSION").into(), scenario, seed: seed as u64, inputs }
    }

    /// One hash of all of it, in hexadecimal.
    pub fn hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let seed = self.seed.to_string();
        let inputs = self.inputs.iter().flat_map(|input| [input.name.as_str(), input.blake3.as_str()]);
        for part in [self.program.as_str(), &self.scenario, &seed].into_iter().chain(inputs) {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// What is other `now`, in words, files first: `felt.csv has changed`.
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let mut said = changed(&self.inputs, &now.inputs);
        if self.program != now.program {
            said.push(format!("version {} of the program made it, this is {}", self.program, now.program));
        }
        if self.seed != now.seed {
            said.push(format!("the seed was {}, it is {}", self.seed, now.seed));
        }
        if self.scenario != now.scenario {
            said.push("the settings differ".into());
        }
        said
    }
}

/// In what files two lists differ, in words.
pub fn changed(before: &[Input], now: &[Input]) -> Vec<String> {
    let find = |list: &[Input], name: &str| list.iter().find(|input| input.name == name).cloned();
    let mut said = Vec::new();
    for input in before {
        match find(now, &input.name) {
            Some(other) if other.blake3 != input.blake3 => said.push(format!("{} has changed", input.name)),
            Some(_) => {}
            None => said.push(format!("{} was read, it is no longer", input.name)),
        }
    }
    let added = now.iter().filter(|input| find(before, &input.name).is_none());
    said.extend(added.map(|input| format!("{} was not read, it is now", input.name)));
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        let input = |name: &str, hash: &str| Input { name: name.into(), blake3: hash.into() };
        let old = Basis::new("aa".into(), 1, vec![input("felt.csv", "1"), input("ties.csv", "2")]);
        let new = Basis::new("bb".into(), 2, vec![input("felt.csv", "3"), input("scores.csv", "4")]);
        assert_eq!(
            old.changes(&new),
            [
                "felt.csv has changed",
                "ties.csv was read, it is no longer",
                "scores.csv was not read, it is now",
                "the seed was 1, it is 2",
                "the settings differ"
            ]
        );
        assert_eq!(old.changes(&old), Vec::<String>::new());
        assert_ne!(old.hash(), new.hash());
        assert_ne!(old.hash(), Basis { inputs: vec![input("felt.csvt", "1")], ..old.clone() }.hash());
    }
}
