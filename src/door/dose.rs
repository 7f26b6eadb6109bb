//! Doses: what can be given to firms between two quarters; the operators that support measures are made of.

use crate::error::{Error, Fault, nearest};
use crate::param::{Kind, Params, Value};
use crate::policy::Operator;
use serde::Serialize;

/// Something given to firms of one's choice: one of the operators of support measures, with an amount.
///
/// ```
/// use fondaco::Dose;
///
/// let loan = Dose::of("grant", 20_000.0)?;
/// let coaching = Dose::of("raise-skill", 0.2)?.with("part", "digital")?.with("years", 2.0)?;
/// let partners = Dose::of("add-contacts", 3.0)?.with("markets", ["FRA", "DEU"])?;
/// assert!(Dose::of("add-contact", 3.0).is_err());
/// # Ok::<(), fondaco::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dose {
    pub(super) operator: Operator,
}

impl Dose {
    /// An amount of what an operator does, in its unit:
    ///
    /// | operator | what a firm gets | unit |
    /// |---|---|---|
    /// | `add-contacts` | contacts abroad | contacts |
    /// | `raise-knowledge` | a share of what it does not know of `breadth` markets | 1 |
    /// | `lower-barrier` | lower barriers to exporting (`part`) | 1 |
    /// | `share-entry-cost` | this share of its entry costs | 1 |
    /// | `grant` | money | US$ |
    /// | `cover-risk` | this share of the exposure of what it pursues is borne by others | 1 |
    /// | `adopt-sns` | joins social networking sites with this probability | 1 |
    /// | `raise-skill` | business or digital skill (`part`) | 1 |
    /// | `raise-objectives` | clearer objectives | 1 |
    /// | `raise-proactivity` | proactivity, which falls back by itself | 1 |
    /// | `add-peer-ties` | ties to this many fellow participants | firms |
    /// | `ease-conversion` | readiness to take ties offline | 1 |
    /// | `connect` | reach on SNS | 1 |
    /// | `cut-friction` | lower true friction | mean frictions |
    ///
    /// # Errors
    /// No operator is called so, or the amount is no number from −10⁷ to 10⁷.
    pub fn of(does: &str, amount: f64) -> Result<Self, Error> {
        Self { operator: Operator::default() }.with("does", does)?.with("dose", amount)
    }

    /// The same with a setting other: `part` (which barriers or skills), `markets` (codes, all if empty), `breadth` (markets
    /// that are learnt about), `travel` (is it given only as far as travel is possible?), `years` (how long it lasts, 0
    /// for good), `decay` (at which rate it wears off, 1/year).
    ///
    /// # Errors
    /// There is no such setting, or the value does not fit.
    pub fn with(&self, name: &str, value: impl Serialize) -> Result<Self, Error> {
        let operator = Operator::default();
        let decls = operator.decls();
        let path = format!("dose.{name}");
        let Some(decl) = decls.iter().find(|decl| decl.name == name) else {
            let near = nearest(name, decls.iter().map(|decl| decl.name)).map(|near| format!("did you mean `{near}`?"));
            let fault = Fault { help: near, ..Fault::new(format!("a dose has no setting `{name}`")) };
            return Err(Fault { path: Some(path), ..fault }.into());
        };
        let stated = toml::Value::try_from(value).ok().and_then(value_of);
        let shown = stated.as_ref().map_or_else(|| "what is stated".to_owned(), Value::to_string);
        let mut dose = self.clone();
        let refusal = match stated.map(|stated| dose.operator.set(name, &stated)) {
            Some(Ok(())) => return Ok(dose),
            Some(Err(expected)) => expected,
            None => decl.kind.expected(),
        };
        let near = match decl.kind {
            Kind::Choice(words) => nearest(shown.trim_matches('"'), words.iter().copied()),
            _ => None,
        };
        let help = near.map_or_else(|| decl.doc.clone(), |near| format!("did you mean \"{near}\"?"));
        let fault = Fault::new(format!("`{name}` of a dose cannot be {shown}")).expected(format!("expected {refusal}"));
        Err(Fault { path: Some(path), ..fault.help(help) }.into())
    }
}

/// A serialised value as a setting states it.
fn value_of(value: toml::Value) -> Option<Value> {
    Some(match value {
        toml::Value::Boolean(on) => Value::Switch(on),
        toml::Value::Integer(n) => Value::Integer(n),
        toml::Value::Float(x) => Value::Number(x),
        toml::Value::String(text) => Value::Text(text),
        toml::Value::Array(items) => {
            Value::List(items.into_iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Which firms: a truth for each row of [`Simulation::firms`](super::Simulation::firms), or identities as its column
/// `firm` has them.
#[derive(Clone, Copy, Debug)]
pub enum Firms<'a> {
    /// A truth for each row.
    Mask(&'a [bool]),
    /// Identities, in any order.
    Ids(&'a [i64]),
}

impl<'a> From<&'a [bool]> for Firms<'a> {
    fn from(mask: &'a [bool]) -> Self {
        Self::Mask(mask)
    }
}

impl<'a> From<&'a Vec<bool>> for Firms<'a> {
    fn from(mask: &'a Vec<bool>) -> Self {
        Self::Mask(mask)
    }
}

impl<'a> From<&'a [i64]> for Firms<'a> {
    fn from(ids: &'a [i64]) -> Self {
        Self::Ids(ids)
    }
}

impl<'a> From<&'a Vec<i64>> for Firms<'a> {
    fn from(ids: &'a Vec<i64>) -> Self {
        Self::Ids(ids)
    }
}
