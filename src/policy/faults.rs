//! What is wrong with measures as stated, and what is odd about them.

use super::{Does, Instrument, Operator, Part, Selection, filter};
use crate::error::{Fault, nearest};
use crate::param::Named;

/// Every reason why the measures that are on cannot be taken.
pub fn errors(instruments: &Named<Instrument>, operators: &Named<Operator>, names: &filter::Names) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, instrument) in instruments.iter().filter(|(_, instrument)| instrument.on) {
        let at = |setting: &str| format!("instrument.{name}.{setting}");
        if instrument.operators.is_empty() {
            faults.push(
                Fault::setting(at("on"), format!("measure {name} does nothing"))
                    .expected("at least one operator")
                    .help(format!("state {}", at("operators"))),
            );
        }
        for unknown in instrument.operators.iter().filter(|operator| !operators.contains_key(*operator)) {
            let near = nearest(unknown, operators.keys().map(String::as_str));
            let help = near.map_or_else(
                || format!("write a table [operator.{unknown}]"),
                |near| format!("did you mean \"{near}\"?"),
            );
            let fault = Fault::setting(at("operators"), format!("no operator is called {unknown:?}"));
            faults.push(fault.expected("names of [operator.…] tables").help(help));
        }
        let conditions = instrument.who.iter().filter_map(|text| filter::Condition::read(text, names).err());
        for wrong in conditions {
            faults.push(
                Fault::setting(at("who"), wrong.title).expected("conditions on variables of a firm").help(wrong.help),
            );
        }
        if let Err(wrong) = filter::score(&instrument.score) {
            faults.push(Fault::setting(at("score"), wrong.title).expected("a variable of a firm").help(wrong.help));
        }
        let first = f64::from(instrument.fixed_cost) + cost(instrument, operators);
        if instrument.places == 0 {
            faults.push(
                Fault::setting(at("places"), format!("{name} has no place to offer"))
                    .expected("at least 1 place")
                    .help("leave places out for no limit, or switch the measure off"),
            );
        }
        if first > f64::from(instrument.budget) {
            faults.push(
                Fault::setting(at("budget"), format!("the budget of {name} buys nothing"))
                    .expected(format!("at least {first:.0} US$, what the first participant costs"))
                    .help("raise the budget, or lower unit_cost, fixed_cost or the grant; leave it out for no limit"),
            );
        }
    }
    faults
}

/// Cost of one participant, grants included, US$.
pub fn cost(instrument: &Instrument, operators: &Named<Operator>) -> f64 {
    let own = instrument.operators.iter().filter_map(|name| operators.get(name));
    let grants = own.filter(|operator| operator.does == Does::Grant).map(|operator| f64::from(operator.dose));
    f64::from(instrument.unit_cost) + grants.sum::<f64>()
}

/// What is odd about the measures that are on: settings that nothing reads, rounds that never come.
pub fn oddities(
    instruments: &Named<Instrument>,
    operators: &Named<Operator>,
    first_year: f32,
    quarters: u16,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let odd = |path: String, title: String, expected: &str| Fault::setting(path, title).expected(expected).warning();
    for (name, instrument) in instruments.iter().filter(|(_, instrument)| instrument.on) {
        let end = first_year + f32::from(quarters) / 4.0;
        if super::rounds(instrument, first_year, quarters).is_empty() {
            let title = format!("measure {name} ({}) never comes", instrument.start);
            let years = format!("a year from {first_year} to {}, the last of the run", end - 1.0);
            faults.push(odd(format!("instrument.{name}.start"), title, &years));
        }
        if instrument.take_up == 0.0 {
            let title = format!("nobody accepts measure {name}");
            faults.push(odd(format!("instrument.{name}.take_up"), title, "more than 0"));
        }
        if instrument.selection != Selection::Scored && instrument.score != Instrument::default().score {
            let path = format!("instrument.{name}.score");
            let title = format!("`{path}` has no effect");
            faults.push(odd(path, title, "read when selection is \"scored\" only"));
        }
        for operator in &instrument.operators {
            faults.extend(operators.get(operator).into_iter().flat_map(|stated| idle(operator, stated)));
        }
    }
    faults
}

/// Settings of an operator that it does not read.
fn idle(name: &str, operator: &Operator) -> Vec<Fault> {
    let does = operator.does;
    let plain = Operator::default();
    let part = match does {
        Does::LowerBarrier => operator.part == Part::All || operator.part.barrier().is_some(),
        Does::RaiseSkill => matches!(operator.part, Part::All | Part::Business | Part::Digital),
        _ => operator.part == Part::All,
    };
    // Below 0 nothing of these is given; above 1 no more than all is shared.
    let given = matches!(does, Does::AddContacts | Does::AddPeerTies | Does::AdoptSns);
    let shared = matches!(does, Does::ShareEntryCost | Does::CoverRisk);
    let idle = [
        ("part", !part),
        ("markets", !does.has_scope() && !operator.markets.is_empty()),
        ("breadth", does != Does::RaiseKnowledge && operator.breadth != plain.breadth),
        ("years", does.at_once() && operator.years != plain.years),
        ("decay", does.at_once() && operator.decay != plain.decay),
        ("dose", operator.dose == 0.0 || operator.dose < 0.0 && (given || shared)),
    ];
    let fault = |(setting, idle): (&str, bool)| {
        idle.then(|| {
            let path = format!("operator.{name}.{setting}");
            let title = format!("`{path}` has no effect");
            let does = crate::param::Setting::write(&does);
            Fault::setting(path, title).expected(format!("not read by {does}, or none of it")).warning()
        })
    };
    idle.into_iter().filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{instruments, operators};

    fn titles(faults: &[Fault]) -> Vec<&str> {
        faults.iter().map(|fault| fault.title.as_str()).collect()
    }

    #[test]
    fn the_catalogue_is_sound_when_switched_on() {
        let mut all = instruments();
        for instrument in all.values_mut() {
            instrument.on = true;
        }
        assert_eq!(titles(&errors(&all, &operators(), &filter::Names::default())), Vec::<&str>::new());
        assert_eq!(titles(&oddities(&all, &operators(), 2000.0, 160)), Vec::<&str>::new());
    }

    #[test]
    fn all_faults_of_a_measure_are_told_at_once() {
        let mut all = Named::new();
        let wrong = Instrument {
            on: true,
            operators: vec!["grant-mony".into()],
            who: vec!["employes < 9".into()],
            score: "fame".into(),
            budget: 100.0,
            places: 0,
            unit_cost: 500.0,
            ..Instrument::default()
        };
        all.insert("wrong".into(), wrong);
        all.insert("empty".into(), Instrument { on: true, ..Instrument::default() });
        let faults = errors(&all, &operators(), &filter::Names::default());
        let expected = [
            "measure empty does nothing",
            "no operator is called \"grant-mony\"",
            "a firm has no variable `employes`",
            "a firm has no variable `fame`",
            "wrong has no place to offer",
            "the budget of wrong buys nothing",
        ];
        assert_eq!(titles(&faults), expected);
        assert_eq!(faults[1].help.as_deref(), Some("did you mean \"grant-money\"?"));
    }

    #[test]
    fn settings_that_nothing_reads_are_odd() {
        let grant = Operator { does: Does::Grant, years: 2.0, part: Part::Digital, ..Operator::default() };
        let titles: Vec<String> = idle("g", &grant).into_iter().map(|fault| fault.title).collect();
        assert_eq!(titles.len(), 2, "{titles:?}");
        let mut all = Named::new();
        let late =
            Instrument { on: true, start: 2080.0, operators: vec!["grant-money".into()], ..Instrument::default() };
        all.insert("late".into(), late);
        assert_eq!(oddities(&all, &operators(), 2000.0, 40)[0].title, "measure late (2080) never comes");
    }
}
