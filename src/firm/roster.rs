//! Firms of the user's own: a table that says who the first firms are.
//!
//! | column | holds |
//! |---|---|
//! | `name` or `id` | what the firm is called, each name once; all of them or none |
//! | `home` | its home country; may be left out where one home is simulated |
//! | `employees` | domestic revenue in the revenue of one employee, above 0; must be there |
//! | `sector` | `S01`, `S02` … |
//! | `district` | number of its district within the home |
//! | `founded` | calendar year of founding |
//! | `proactivity`, `business_skill`, `digital_skill`, `objectives`, `barrier_…` | traits at birth, 0 to 1 |
//! | `appeal` | export appeal, a logarithm |
//!
//! What a column does not say of a firm is drawn as for any other firm, from the same addresses: a table of employees
//! alone changes nothing else. Firms that fail are followed by newborns as ever. Places are numbered home by home, in the
//! order of rows within each.

use super::Firm;
use crate::error::{Fault, nearest};
use crate::number::ln;
use crate::read::{Cell, Faults, Row, Table};
use std::collections::BTreeMap;

/// A trait that can be given: its names as a column, its least and largest value, and where it goes.
type Trait = (&'static [&'static str], [f64; 2], fn(&mut Firm, f32));

const SHARE: [f64; 2] = [0.0, 1.0];

const TRAITS: [Trait; 9] = [
    (&["proactivity", "proactivity_at_birth"], SHARE, |firm, x| (firm.proactivity, firm.baseline_proactivity) = (x, x)),
    (&["business_skill", "skill"], SHARE, |firm, x| firm.skill = x),
    (&["digital_skill", "digital"], SHARE, |firm, x| firm.digital = x),
    (&["objectives"], SHARE, |firm, x| firm.objectives = x),
    (&["barrier_psychological", "psychological"], SHARE, |firm, x| firm.barriers[0] = x),
    (&["barrier_organisational", "organisational"], SHARE, |firm, x| firm.barriers[1] = x),
    (&["barrier_operational", "operational"], SHARE, |firm, x| firm.barriers[2] = x),
    (&["barrier_product", "product"], SHARE, |firm, x| firm.barriers[3] = x),
    (&["appeal"], [-10.0, 10.0], |firm, x| firm.appeal = x),
];

/// Largest number of employees believed.
const MOST_EMPLOYEES: f64 = 10_000_000.0;
/// Oldest age believed, in years.
const OLDEST: i32 = 1000;

/// What a user says of one firm.
#[derive(Clone, Debug, PartialEq)]
struct Given {
    employees: f32,
    sector: Option<u8>,
    district: Option<u16>,
    founded: Option<i32>,
    traits: [Option<f32>; TRAITS.len()],
}

/// The first firms, by slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Roster {
    /// The file as messages name it.
    pub file: String,
    /// Firms in each home, in the order of homes.
    pub counts: Vec<u32>,
    firms: Vec<Given>,
    names: Vec<String>,
    /// Do the rows stand in the order of slots?
    pub in_order: bool,
}

/// What a table of firms is held against.
pub struct Frame<'a> {
    /// Codes of the homes, in order.
    pub homes: &'a [String],
    /// The code that a word for a country means.
    pub code: &'a dyn Fn(&str) -> Option<String>,
    pub sectors: u32,
    /// The calendar year of the first quarter, burn-in included, and the years of burn-in.
    pub first_year: i32,
    pub burn_in: u32,
}

impl Roster {
    /// Reads a table; nothing if there is any fault.
    pub fn read(table: &Table, frame: &Frame, faults: &mut Faults) -> Option<Self> {
        let columns = Columns::new(table, frame, faults)?;
        let mut rows: Vec<(usize, Given, Option<String>)> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for row in table.rows() {
            let name = columns.name.and_then(|at| called(table, &row.cells[at], &mut seen, faults));
            let home = columns.home.map_or(Some(0), |at| home(table, &row.cells[at], frame, faults));
            if let (Some(home), Some(given)) = (home, columns.given(table, &row, frame, faults)) {
                rows.push((home, given, name));
            }
        }
        if table.is_empty() {
            let title = format!("{} has no firms", table.source().name);
            faults.push(table.fault_of_header(title).expected("a row for each firm"));
        }
        if faults.any() {
            return None;
        }
        for (_, home) in frame.homes.iter().enumerate().filter(|(at, _)| rows.iter().all(|row| row.0 != *at)) {
            let fault = table.fault_of_header(format!("no firm is at home in {home}"));
            faults.push(fault.expected("population.homes names it").help("leave it out of population.homes").warning());
        }
        let in_order = rows.windows(2).all(|two| two[0].0 <= two[1].0);
        rows.sort_by_key(|row| row.0);
        let counts =
            (0..frame.homes.len()).map(|home| rows.iter().filter(|row| row.0 == home).count() as u32).collect();
        let names = rows.iter_mut().filter_map(|row| row.2.take()).collect();
        let firms = rows.into_iter().map(|row| row.1).collect();
        Some(Self { file: table.source().name.clone(), counts, firms, names, in_order })
    }

    /// Number of firms.
    pub fn len(&self) -> usize {
        self.firms.len()
    }

    /// Are there no firms?
    pub fn is_empty(&self) -> bool {
        self.firms.is_empty()
    }

    /// The names of the first firms by slot; none if they have no names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The district of a slot, where the table says it.
    pub fn district(&self, slot: u32) -> Option<u16> {
        self.firms[slot as usize].district
    }

    /// The year in which the first firm of a slot was founded, where the table says it.
    pub fn founded(&self, slot: u32) -> Option<i32> {
        self.firms[slot as usize].founded
    }

    /// Do the rows say of every firm when it was founded, and where it is?
    pub fn complete(&self) -> (bool, bool) {
        (self.firms.iter().all(|firm| firm.founded.is_some()), self.firms.iter().all(|firm| firm.district.is_some()))
    }

    /// Gives the first firm of a slot, as it was drawn, the traits that the table states.
    pub fn lay(&self, slot: u32, firm: &mut Firm) {
        let given = &self.firms[slot as usize];
        (firm.size, firm.ln_size) = (given.employees, ln(given.employees));
        firm.sector = given.sector.unwrap_or(firm.sector);
        for ((.., set), value) in TRAITS.iter().zip(given.traits) {
            if let Some(value) = value {
                set(firm, value);
            }
        }
    }
}

/// Which column holds what.
struct Columns {
    name: Option<usize>,
    home: Option<usize>,
    employees: usize,
    sector: Option<usize>,
    district: Option<usize>,
    founded: Option<usize>,
    traits: [Option<usize>; TRAITS.len()],
}

impl Columns {
    fn new(table: &Table, frame: &Frame, faults: &mut Faults) -> Option<Self> {
        let employees = table.require(&["employees", "employment", "size"], "how many employees a firm has", faults);
        let names: &[&str] = &["home", "country", "iso3", "iso2", "iso"];
        let home = match frame.homes.len() {
            0 | 1 => table.column(names, faults),
            _ => table.require(names, "which home a firm has", faults),
        };
        let columns = Self {
            name: table.column(&["name", "id", "firm"], faults),
            home,
            employees: employees?,
            sector: table.column(&["sector"], faults),
            district: table.column(&["district"], faults),
            founded: table.column(&["founded", "year_founded", "founded_year", "founding_year"], faults),
            traits: TRAITS.map(|(names, ..)| table.column(names, faults)),
        };
        let Self { name, sector, district, founded, .. } = columns;
        let mut read: Vec<usize> = [name, home, employees, sector, district, founded].into_iter().flatten().collect();
        read.extend(columns.traits.iter().flatten());
        let known = ["sector", "district", "founded"];
        let known: Vec<&str> = known.into_iter().chain(TRAITS.iter().map(|(names, ..)| names[0])).collect();
        table.unread(&read, &known, faults);
        Some(columns)
    }

    fn given(&self, table: &Table, row: &Row, frame: &Frame, faults: &mut Faults) -> Option<Given> {
        let cell = |at: Option<usize>| at.map(|at| &row.cells[at]).filter(|cell| !cell.is_missing());
        let employees = employees(table, &row.cells[self.employees], faults);
        let sector = cell(self.sector).and_then(|cell| sector(table, cell, frame, faults));
        let district = cell(self.district).and_then(|cell| whole(table, cell, [0.0, f64::from(u16::MAX)], faults));
        let founded = cell(self.founded).and_then(|cell| founded(table, cell, frame, faults));
        let mut traits = [None; TRAITS.len()];
        for (at, (_, range, _)) in TRAITS.iter().enumerate() {
            traits[at] = cell(self.traits[at]).and_then(|cell| within(table, cell, *range, faults)).map(|x| x as f32);
        }
        Some(Given { employees: employees?, sector, district: district.map(|number| number as u16), founded, traits })
    }
}

/// The name of a firm, unless it has none or another has it.
fn called(table: &Table, cell: &Cell, seen: &mut BTreeMap<String, usize>, faults: &mut Faults) -> Option<String> {
    let name = cell.text.trim();
    if name.is_empty() {
        let fault = table.fault(cell, "this firm has no name").expected("a name for every firm");
        faults.push(fault.help("name it, or leave the column out"));
        return None;
    }
    let before = &table.source().text[..cell.range.start];
    let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
    if let Some(first) = seen.insert(name.to_owned(), line) {
        faults
            .push(table.fault(cell, format!("`{name}` is named twice")).expected(format!("line {first} names it too")));
    }
    Some(name.to_owned())
}

fn home(table: &Table, cell: &Cell, frame: &Frame, faults: &mut Faults) -> Option<usize> {
    let at = |code: &str| frame.homes.iter().position(|home| home.eq_ignore_ascii_case(code));
    let code = (frame.code)(&cell.text);
    let found = at(&cell.text).or_else(|| at(code.as_deref()?));
    if found.is_none() {
        let fault = match &code {
            Some(code) => table
                .fault(cell, format!("{code} is not among population.homes"))
                .help(format!("add \"{code}\" to population.homes, or delete the row")),
            None => table.fault(cell, format!("`{}` is not a home country", cell.text)),
        };
        faults.push(fault.expected(format!("one of {}", frame.homes.join(", "))));
    }
    found
}

fn employees(table: &Table, cell: &Cell, faults: &mut Faults) -> Option<f32> {
    if cell.is_missing() {
        faults.push(table.fault(cell, "nothing says how many employees this firm has").expected("a number above 0"));
        return None;
    }
    let number = table.number(cell, faults)?;
    if number > 0.0 && number <= MOST_EMPLOYEES {
        return Some(number as f32);
    }
    let fault = table.fault(cell, format!("a firm cannot have {} employees", cell.text));
    let fault = fault.expected(format!("a number above 0, {MOST_EMPLOYEES} at most"));
    faults.push(if number == 0.0 { fault.help("a firm without employees has its owner: write 1") } else { fault });
    None
}

fn sector(table: &Table, cell: &Cell, frame: &Frame, faults: &mut Faults) -> Option<u8> {
    let named = |sector: u32| format!("S{sector:02}");
    let found = (1..=frame.sectors).find(|sector| cell.text.eq_ignore_ascii_case(&named(*sector)));
    if found.is_none() {
        let fault = table.fault(cell, format!("there is no sector `{}`", cell.text));
        let fault = fault.expected(format!("S01 to {}, as population.sectors says", named(frame.sectors)));
        let names: Vec<String> = (1..=frame.sectors).map(named).collect();
        let number = cell.text.parse().ok().filter(|number| (1..=frame.sectors).contains(number)).map(named);
        let near = number.or_else(|| nearest(&cell.text, names.iter().map(String::as_str)).map(str::to_owned));
        faults.push(Fault { help: near.map(|name| format!("did you mean {name}?")), ..fault });
    }
    found.map(|sector| (sector - 1) as u8)
}

fn founded(table: &Table, cell: &Cell, frame: &Frame, faults: &mut Faults) -> Option<i32> {
    let year = table.number(cell, faults)?;
    let first = f64::from(frame.first_year);
    if year.fract() == 0.0 && (first - f64::from(OLDEST)..=first).contains(&year) {
        return Some(year as i32);
    }
    let fault = table.fault(cell, format!("a firm of the start cannot be founded in {}", cell.text));
    let fault = fault.expected(format!("a year, {first} at the latest: then the run begins"));
    let help = format!(
        "the run begins {} years, run.burn_in, before run.start; with run.burn_in = 0 it begins in {}",
        frame.burn_in,
        frame.first_year + frame.burn_in as i32
    );
    faults.push(if frame.burn_in > 0 && year > first { fault.help(help) } else { fault });
    None
}

fn whole(table: &Table, cell: &Cell, range: [f64; 2], faults: &mut Faults) -> Option<f64> {
    let number = within(table, cell, range, faults)?;
    if number.fract() == 0.0 {
        return Some(number);
    }
    faults.push(table.fault(cell, format!("{} is not a whole number", cell.text)).expected("the number of a district"));
    None
}

fn within(table: &Table, cell: &Cell, [least, most]: [f64; 2], faults: &mut Faults) -> Option<f64> {
    let number = table.number(cell, faults)?;
    if (least..=most).contains(&number) {
        return Some(number);
    }
    faults.push(table.fault(cell, format!("{} is outside {least} to {most}", cell.text)).expected("a number within"));
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Seed;
    use crate::error::{Place, Severity};
    use crate::firm::birth::Population;

    fn read(homes: &[&str], text: &str) -> (Option<Roster>, Vec<String>) {
        let homes: Vec<String> = homes.iter().map(|home| (*home).to_owned()).collect();
        let code = |word: &str| match word {
            "FR" | "FRA" => Some("FRA".to_owned()),
            _ => None,
        };
        let frame = Frame { homes: &homes, code: &code, sectors: 5, first_year: 2000, burn_in: 4 };
        let mut faults = Faults::default();
        let roster =
            Table::parse("mine.csv", text, &mut faults).and_then(|table| Roster::read(&table, &frame, &mut faults));
        let tell = |fault: &Fault| {
            let place = match &fault.place {
                Place::Text(source, range) => {
                    let line = 1 + source.text[..range.start].matches('\n').count();
                    format!("{line} {}", &source.text[range.clone()])
                }
                slot => format!("{slot:?}"),
            };
            let mark = if fault.severity == Severity::Warning { "!" } else { "" };
            format!("{mark}{place}: {} ({}) {}", fault.title, fault.label, fault.help.as_deref().unwrap_or(""))
        };
        (roster, faults.take("mine.csv").iter().map(tell).collect())
    }

    #[test]
    fn stated_traits_are_taken_and_the_others_drawn_as_ever() {
        let text = "Name;Employees;Sector;founded;digital skill\nAcme;12,5;S03;1990;0,25\nBrown;3;;..;\n";
        let (roster, told) = read(&["BEL"], text);
        let roster = roster.unwrap_or_else(|| panic!("{told:?}"));
        assert_eq!((roster.names().join(" ").as_str(), roster.counts.as_slice()), ("Acme Brown", &[2][..]));
        assert_eq!((roster.founded(0), roster.founded(1), roster.district(0)), (Some(1990), None, None));
        for slot in 0..2 {
            let drawn =
                Population { sectors: 5, ..Population::default() }.newborn(Seed::new(3, 0), slot, 0, 0, 1.06, 0.5);
            let mut firm = drawn;
            roster.lay(slot, &mut firm);
            let kept =
                Firm { size: drawn.size, ln_size: drawn.ln_size, sector: drawn.sector, digital: drawn.digital, ..firm };
            assert_eq!(kept, drawn, "nothing else changes");
            match slot {
                0 => assert_eq!((firm.size, firm.sector, firm.digital), (12.5, 2, 0.25)),
                _ => assert_eq!((firm.size, firm.sector, firm.digital), (3.0, drawn.sector, drawn.digital)),
            }
        }
    }

    #[test]
    fn firms_stand_home_by_home() {
        let (roster, told) = read(&["BEL", "FRA"], "id,country,employees\nx,FR,1\ny,bel,2\nz,FRA,3\n");
        let roster = roster.unwrap_or_else(|| panic!("{told:?}"));
        assert_eq!((roster.names().join(""), roster.counts, roster.in_order), ("yxz".into(), vec![1, 2], false));
    }

    #[test]
    fn every_fault_of_a_table_of_firms_is_told() {
        let text = "name,home,employees,sector,founded,objectives\n\
                    Acme,BEL,0,S01,1990,0.5\nAcme,FRA,5,S09,2002,1.5\n,BEL,-3,3,1990.5,\nDay,XYZ,,S01,1990,0.5\n";
        let (roster, told) = read(&["BEL"], text);
        assert_eq!(roster, None);
        let wanted = [
            "2 0: a firm cannot have 0 employees (a number above 0, 10000000 at most) a firm without employees has its owner: write 1",
            "3 Acme: `Acme` is named twice (line 2 names it too) ",
            "3 FRA: FRA is not among population.homes (one of BEL) add \"FRA\" to population.homes, or delete the row",
            "3 S09: there is no sector `S09` (S01 to S05, as population.sectors says)",
            "3 2002: a firm of the start cannot be founded in 2002 (a year, 2000 at the latest: then the run begins) the run begins 4 years, run.burn_in, before run.start; with run.burn_in = 0 it begins in 2004",
            "3 1.5: 1.5 is outside 0 to 1",
            "4 : this firm has no name (a name for every firm)",
            "4 -3: a firm cannot have -3 employees",
            "4 3: there is no sector `3` (S01 to S05, as population.sectors says) did you mean S03?",
            "4 1990.5: a firm of the start cannot be founded in 1990.5",
            "5 XYZ: `XYZ` is not a home country (one of BEL)",
            "5 : nothing says how many employees this firm has",
        ];
        assert_eq!(told.len(), wanted.len(), "{told:#?}");
        for (told, wanted) in told.iter().zip(wanted) {
            assert!(told.starts_with(wanted), "{told} is not {wanted}");
        }
    }

    #[test]
    fn columns_that_nothing_reads_and_homes_without_firms_are_told() {
        let (roster, told) = read(&["BEL", "FRA"], "home,employees,turnover\nBEL,3,9\n");
        assert_eq!(roster.unwrap().counts, [1, 0]);
        assert!(
            told.iter().any(|fault| fault.starts_with("!1 turnover: nothing reads the column `turnover`")),
            "{told:?}"
        );
        assert!(told.iter().any(|fault| fault.contains("no firm is at home in FRA")), "{told:?}");
        let (roster, told) = read(&["BEL", "FRA"], "name,employes\nx,3\n");
        assert_eq!(roster, None);
        assert!(
            told[0].contains("is `employes` meant to be `employees`?") && told[1].contains("which home"),
            "{told:?}"
        );
        assert!(read(&["BEL"], "employees\n").1[0].contains("mine.csv has no firms"));
    }
}
