//! Views: firms, ties and markets of a simulation as columns, read when asked for.

use crate::economy::Economy;
use crate::engine::environment::Environment;
use crate::engine::home::Home;
use crate::engine::model::Model;
use crate::engine::quarter::sight;
use crate::error::{Error, Fault, nearest};
use crate::firm::{Firm, NONE, Relation, Sight, Tie, TieState};
use crate::report::record::identity;
use crate::report::table::{Kind, label};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, BooleanArray, DictionaryArray, Float32Array, Int64Array, RecordBatch};
use arrow_schema::Schema;
use std::sync::Arc;

/// The values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Truths.
    Flags(Vec<bool>),
    /// Whole numbers; `None` where there is nothing to tell.
    Whole(Vec<Option<i64>>),
    /// Numbers with a fraction; NaN where there is nothing to tell.
    Real(Vec<f32>),
    /// Words of a few.
    Words(Vec<&'static str>),
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Flags(values) => values.len(),
            Self::Whole(values) => values.len(),
            Self::Real(values) => values.len(),
            Self::Words(values) => values.len(),
        }
    }

    /// Are there no rows?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a column of a view is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: &'static str,
    /// The unit; `1` for pure numbers, empty where a unit makes no sense.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// Everything a row is read from; rows of firms have neither tie nor relation.
struct At<'a> {
    model: &'a Model,
    now: &'a Environment,
    home: &'a Home,
    step: u16,
    slot: u32,
    firm: &'a Firm,
    ties: &'a [Tie],
    relations: &'a [Relation],
    tie: Option<&'a Tie>,
    relation: Option<&'a Relation>,
    words: &'a Words,
}

impl At<'_> {
    fn age(&self, born: i16) -> f32 {
        (f32::from(self.step) - f32::from(born)) / 4.0
    }

    fn usd(&self, money: f32) -> f32 {
        money * self.home.unit_usd
    }

    /// The year in which a quarter lies; none of one that has not been.
    fn calendar(&self, step: i16) -> Option<i64> {
        (step >= 0).then(|| i64::from(self.model.calendar(i32::from(step))))
    }

    fn the_tie(&self) -> &Tie {
        self.tie.expect("rows of ties have a tie")
    }

    fn the_relation(&self) -> &Relation {
        self.relation.expect("rows of markets have a relation")
    }

    fn sight(&self) -> Sight {
        sight(self.model, self.now, self.home, self.ties, self.the_relation())
    }

    fn count(&self, test: impl Fn(&Tie) -> bool) -> Option<i64> {
        Some(self.ties.iter().filter(|tie| test(tie)).count() as i64)
    }
}

/// Words of a run, worked out once.
struct Words {
    markets: Vec<&'static str>,
    sectors: Vec<&'static str>,
    sites: Vec<&'static str>,
}

/// How a value is read off a row.
#[derive(Clone, Copy)]
enum Read {
    Flag(fn(&At) -> bool),
    Whole(fn(&At) -> Option<i64>),
    Real(fn(&At) -> f32),
    Word(fn(&At) -> &'static str),
}

/// A column as declared.
struct Field(&'static str, &'static str, Read, &'static str);

const FIRM: Field = Field(
    "firm",
    "",
    Read::Whole(|at| Some(identity(at.slot, at.firm.generation))),
    "Identity of the firm: its slot and the generation that lives there.",
);
const MARKETS_OF: fn(&At) -> Option<i64> =
    |at| Some(at.relations.iter().filter(|row| row.customers > 0).count() as i64);

const FIRMS: &[Field] = &[
    FIRM,
    Field(
        "home",
        "",
        Read::Word(|at| at.words.markets[usize::from(at.home.market)]),
        "Home country, ISO 3166-1 alpha-3.",
    ),
    Field("sector", "", Read::Word(|at| at.words.sectors[usize::from(at.firm.sector)]), "Sector."),
    Field("district", "", Read::Whole(|at| Some(i64::from(at.firm.district))), "District of its home."),
    Field("age", "years", Read::Real(|at| at.age(at.firm.born)), "Age."),
    Field("size", "employees", Read::Real(|at| at.firm.size), "Domestic revenue in the revenue of one employee."),
    Field(
        "capacity",
        "employees",
        Read::Real(|at| at.firm.capacity),
        "Production capacity, in the revenue of one employee.",
    ),
    Field("slack", "quarters", Read::Real(|at| at.firm.slack), "Liquid reserves in quarters of revenue."),
    Field("proactivity", "1", Read::Real(|at| at.firm.proactivity), "Proactivity, 0 to 1."),
    Field("orientation", "", Read::Word(|at| at.firm.orientation.name()), "Attitude to exporting."),
    Field("skill", "1", Read::Real(|at| at.firm.skill), "Business skill, 0 to 1."),
    Field("digital", "1", Read::Real(|at| at.firm.digital), "Digital skill, 0 to 1."),
    Field("objectives", "1", Read::Real(|at| at.firm.objectives), "Clarity of objectives, 0 to 1."),
    Field("barrier_psychological", "1", Read::Real(|at| at.firm.barriers[0]), "Psychological barriers, 0 to 1."),
    Field("barrier_organisational", "1", Read::Real(|at| at.firm.barriers[1]), "Organisational barriers, 0 to 1."),
    Field("barrier_operational", "1", Read::Real(|at| at.firm.barriers[2]), "Operational barriers, 0 to 1."),
    Field("barrier_product", "1", Read::Real(|at| at.firm.barriers[3]), "Barriers of product and market, 0 to 1."),
    Field("appeal", "1", Read::Real(|at| at.firm.appeal), "Export appeal, which the firm does not know."),
    Field("inertia", "1", Read::Real(|at| at.firm.inertia), "Inertia, 0 to 1."),
    Field("on_sns", "", Read::Flag(|at| at.firm.on_sns), "Whether it uses social networking sites."),
    Field(
        "platforms",
        "platforms",
        Read::Whole(|at| Some(i64::from(at.firm.platforms.count_ones()))),
        "Platforms used.",
    ),
    Field("reach", "1", Read::Real(|at| at.firm.reach), "Reach over the platforms used."),
    Field("adopted", "year", Read::Whole(|at| at.calendar(at.firm.adopted)), "Year of adopting SNS; missing if never."),
    Field("exporting", "", Read::Flag(|at| MARKETS_OF(at) > Some(0)), "Whether it has a customer abroad."),
    Field("exports", "US$", Read::Real(|at| at.usd(at.firm.exports)), "Exports of this year so far."),
    Field("exports_last", "US$/year", Read::Real(|at| at.usd(at.firm.exports_last)), "Exports of last year."),
    Field("home_sales", "US$", Read::Real(|at| at.usd(at.firm.home_sales)), "Domestic revenue of this year so far."),
    Field(
        "first_sale",
        "year",
        Read::Whole(|at| at.calendar(at.firm.first_sale)),
        "Year of the first sale abroad; missing if none.",
    ),
    Field("markets", "markets", Read::Whole(MARKETS_OF), "Markets with a customer."),
    Field("ties", "ties", Read::Whole(|at| Some(at.ties.len() as i64)), "Ties abroad."),
    Field("customers", "ties", Read::Whole(|at| at.count(|tie| tie.state == TieState::Customer)), "Ties to customers."),
    Field("ties_online", "ties", Read::Whole(|at| at.count(Tie::online)), "Ties abroad that live online."),
    Field(
        "stage",
        "1",
        Read::Whole(|at| Some(i64::from(crate::economy::accounts::highest_stage(at.relations)))),
        "Highest stage of commitment now: 0 sporadic or none, 1 agent, 2 sales subsidiary, 3 production.",
    ),
    Field(
        "peers",
        "firms",
        Read::Whole(|at| {
            Some(i64::from(at.model.peers.offline.degree(at.slot) + at.model.peers.online.degree(at.slot)))
        }),
        "Peers in the social graph, offline and on SNS.",
    ),
    Field("dormant", "", Read::Flag(|at| at.firm.dormant), "Whether it has no tie and no market in hand."),
];

const TIES: &[Field] = &[
    FIRM,
    Field(
        "market",
        "",
        Read::Word(|at| at.words.markets[usize::from(at.the_tie().market)]),
        "Market, ISO 3166-1 alpha-3.",
    ),
    Field(
        "partner",
        "",
        Read::Whole(|at| Some(i64::from(at.the_tie().partner)).filter(|rank| *rank != i64::from(NONE))),
        "Rank of the partner among those of its market.",
    ),
    Field(
        "state",
        "",
        Read::Word(|at| match at.the_tie().state {
            TieState::Contact => "contact",
            TieState::Pursued => "pursued",
            TieState::Customer | TieState::Gone => "customer",
        }),
        "How far it has come: contact, pursued, customer.",
    ),
    Field("origin", "", Read::Word(|at| at.the_tie().origin.name()), "Where the contact came from."),
    Field("online", "", Read::Flag(|at| at.the_tie().online()), "Whether it lives online only."),
    Field(
        "platform",
        "",
        Read::Word(
            |at| if at.the_tie().online() { at.words.sites[usize::from(at.the_tie().platform)] } else { "offline" },
        ),
        "Platform on which it lives, or offline.",
    ),
    Field("trust", "1", Read::Real(|at| at.the_tie().trust), "Trust, 0 to 1."),
    Field("quality", "1", Read::Real(|at| at.the_tie().quality), "Quality of the match."),
    Field("age", "years", Read::Real(|at| at.age(at.the_tie().born)), "Time since it arose."),
];

const MARKETS: &[Field] = &[
    FIRM,
    Field(
        "market",
        "",
        Read::Word(|at| at.words.markets[usize::from(at.the_relation().market)]),
        "Market, ISO 3166-1 alpha-3.",
    ),
    Field("served", "", Read::Flag(|at| at.the_relation().customers > 0), "Whether the firm has a customer there."),
    Field("customers", "ties", Read::Whole(|at| Some(i64::from(at.the_relation().customers))), "Customers there."),
    Field("ties", "ties", Read::Whole(|at| at.count(|tie| tie.market == at.the_relation().market)), "Ties there."),
    Field(
        "stage",
        "1",
        Read::Whole(|at| Some(i64::from(at.the_relation().stage))),
        "Stage: 0 sporadic, 1 agent, 2 sales subsidiary, 3 production.",
    ),
    Field("sales", "US$", Read::Real(|at| at.usd(at.the_relation().sales)), "Sales there of this year so far."),
    Field("sales_last", "US$/year", Read::Real(|at| at.usd(at.the_relation().sales_last)), "Sales there of last year."),
    Field(
        "since",
        "year",
        Read::Whole(|at| at.calendar(at.the_relation().since)),
        "Year in which the present spell began; missing if there is none.",
    ),
    Field(
        "knowledge",
        "1",
        Read::Real(|at| at.the_relation().knowledge),
        "Knowledge of the market from experience, 0 to 1; of a market left behind, as of the last look.",
    ),
    Field(
        "felt_distance",
        "1",
        Read::Real(|at| at.home.felt[usize::from(at.the_relation().market)]),
        "Distance as felt from home before anything is known.",
    ),
    Field("perceived_distance", "1", Read::Real(|at| at.sight().perceived), "Distance as the firm perceives it now."),
    Field("friction", "1", Read::Real(|at| at.sight().friction), "True friction of trading there."),
    Field("insidership", "1", Read::Real(|at| at.sight().insidership()), "Insidership through all ties there, 0 to 1."),
];

/// Which rows a view has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rows {
    Firms,
    Ties,
    Markets,
}

/// Rows of a simulation between two quarters, by column. A column is worked out when it is asked for.
///
/// ```
/// use fondaco::{Scenario, Simulation};
///
/// let text = "run.years = 1\nrun.burn_in = 5\npopulation.firms = 300\nworld.largest = 20";
/// let mut simulation = Simulation::new(&Scenario::from_text("tiny.toml", text)?, 0)?;
/// (0..20).for_each(|_| assert!(simulation.step()));
/// let trust = simulation.ties().real("trust")?;
/// assert!(!trust.is_empty() && trust.iter().all(|trust| (0.0..=1.0).contains(trust)));
/// assert_eq!(simulation.firms().table()?.num_rows(), 300);
/// # Ok::<(), fondaco::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    model: &'a Model,
    economy: &'a Economy,
    rows: Rows,
}

pub(super) fn firms<'a>(model: &'a Model, economy: &'a Economy) -> View<'a> {
    View { model, economy, rows: Rows::Firms }
}

pub(super) fn ties<'a>(model: &'a Model, economy: &'a Economy) -> View<'a> {
    View { model, economy, rows: Rows::Ties }
}

pub(super) fn markets<'a>(model: &'a Model, economy: &'a Economy) -> View<'a> {
    View { model, economy, rows: Rows::Markets }
}

impl View<'_> {
    fn fields(&self) -> &'static [Field] {
        match self.rows {
            Rows::Firms => FIRMS,
            Rows::Ties => TIES,
            Rows::Markets => MARKETS,
        }
    }

    /// The columns there are, in order.
    pub fn columns(&self) -> impl Iterator<Item = About> + use<> {
        self.fields().iter().map(|Field(name, unit, _, meaning)| About { name, unit, meaning })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        let chunks = self.economy.chunks.iter();
        match self.rows {
            Rows::Firms => self.economy.len(),
            Rows::Ties => chunks.map(|chunk| chunk.ties.len()).sum(),
            Rows::Markets => chunks.map(|chunk| chunk.relations.len()).sum(),
        }
    }

    /// Are there no rows?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A column by its name.
    ///
    /// # Errors
    /// None is called so.
    pub fn column(&self, name: &str) -> Result<Values, Error> {
        let names = || self.columns().map(|about| about.name);
        match self.fields().iter().find(|field| field.0 == name) {
            Some(field) => Ok(self.read(field.2)),
            None => {
                let near = nearest(name, names()).map(|near| format!("did you mean `{near}`?"));
                let fault = Fault::new(format!("there is no column `{name}`"));
                let expected = format!("one of {}", names().collect::<Vec<_>>().join(", "));
                Err(Fault { help: near, ..fault.expected(expected) }.into())
            }
        }
    }

    /// A column of numbers with a fraction.
    ///
    /// # Errors
    /// None is called so, or it holds something else; likewise below.
    pub fn real(&self, name: &str) -> Result<Vec<f32>, Error> {
        match self.column(name)? {
            Values::Real(values) => Ok(values),
            _ => Err(other(name, "numbers with a fraction")),
        }
    }

    /// A column of whole numbers; `None` where there is nothing to tell.
    ///
    /// # Errors
    /// As of [`real`](Self::real).
    pub fn whole(&self, name: &str) -> Result<Vec<Option<i64>>, Error> {
        match self.column(name)? {
            Values::Whole(values) => Ok(values),
            _ => Err(other(name, "whole numbers")),
        }
    }

    /// A column of truths.
    ///
    /// # Errors
    /// As of [`real`](Self::real).
    pub fn flags(&self, name: &str) -> Result<Vec<bool>, Error> {
        match self.column(name)? {
            Values::Flags(values) => Ok(values),
            _ => Err(other(name, "truths")),
        }
    }

    /// A column of words.
    ///
    /// # Errors
    /// As of [`real`](Self::real).
    pub fn words(&self, name: &str) -> Result<Vec<&'static str>, Error> {
        match self.column(name)? {
            Values::Words(values) => Ok(values),
            _ => Err(other(name, "words")),
        }
    }

    /// All columns as one batch, with unit and meaning of each in the schema.
    ///
    /// # Errors
    /// The rows are more than a batch can hold.
    pub fn table(&self) -> Result<RecordBatch, Error> {
        let (mut fields, mut arrays) = (Vec::new(), Vec::new());
        for Field(name, unit, read, meaning) in self.fields() {
            let (kind, optional, array): (_, _, ArrayRef) = match self.read(*read) {
                Values::Flags(values) => (Kind::Bool, false, Arc::new(BooleanArray::from(values))),
                Values::Whole(values) => (Kind::I64, true, Arc::new(Int64Array::from(values))),
                Values::Real(values) => (Kind::F32, false, Arc::new(Float32Array::from(values))),
                Values::Words(values) => {
                    (Kind::Text, false, Arc::new(values.into_iter().collect::<DictionaryArray<Int32Type>>()))
                }
            };
            fields.push(kind.field(name, optional, unit, meaning));
            arrays.push(array);
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .map_err(|error| Error::Failed(format!("could not build the view: {error}")))
    }

    fn read(&self, read: Read) -> Values {
        match read {
            Read::Flag(read) => Values::Flags(self.each(read)),
            Read::Whole(read) => Values::Whole(self.each(read)),
            Read::Real(read) => Values::Real(self.each(read)),
            Read::Word(read) => Values::Words(self.each(read)),
        }
    }

    fn each<T>(&self, read: fn(&At) -> T) -> Vec<T> {
        let Self { model, economy, rows } = *self;
        let (now, step) = (model.environment(economy.step), economy.step);
        let words = Words {
            markets: model.world.countries.iter().map(|country| label(&country.iso3)).collect(),
            sectors: (1..=model.population.sectors).map(|sector| label(&format!("S{sector:02}"))).collect(),
            sites: model.sites.iter().map(|site| label(&site.name)).collect(),
        };
        let mut values = Vec::with_capacity(self.len());
        economy.for_each(|slot, firm, ties, relations| {
            let home = &model.homes[usize::from(firm.home)];
            let (words, now) = (&words, &now);
            let at = At { model, now, home, step, slot, firm, ties, relations, tie: None, relation: None, words };
            match rows {
                Rows::Firms => values.push(read(&at)),
                Rows::Ties => values.extend(ties.iter().map(|tie| read(&At { tie: Some(tie), ..at }))),
                Rows::Markets => {
                    values.extend(relations.iter().map(|relation| read(&At { relation: Some(relation), ..at })));
                }
            }
        });
        values
    }
}

fn other(name: &str, what: &str) -> Error {
    Fault::new(format!("the column `{name}` holds no {what}")).help("ask for it by column()").into()
}
