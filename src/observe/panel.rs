//! The panel a statistician would hold: firms, their years and their sales by market, as a customs office sees them.
//!
//! Only flows that reach the reporting threshold are in it. Firms that die within a year leave no row for that year,
//! births are part of it: a first year is as partial as the calendar makes it.

use crate::network::PeerGraph;

/// One generation of a slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Enterprise {
    pub slot: u32,
    /// Which generation of its slot.
    pub generation: u16,
    /// Index of the home country.
    pub home: u8,
    /// Calendar year of founding.
    pub founded: i32,
    /// Calendar year of the last quarter lived.
    pub ended: i32,
    /// Did it fail, or was it cut off by the end of the run?
    pub died: bool,
    /// The first year ever in which it exported, the years before the panel included.
    pub first_export: Option<i32>,
}

/// A firm at the end of a year; money in US$.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirmYear {
    /// Index into [`Panel::firms`].
    pub firm: u32,
    /// Years since [`Panel::first_year`].
    pub year: u16,
    /// Markets exported to.
    pub markets: u8,
    pub on_sns: bool,
    pub employees: f32,
    pub home_sales: f32,
    pub exports: f32,
}

/// Sales of a firm in a market abroad in a year, US$.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// Index into [`Panel::firms`].
    pub firm: u32,
    pub market: u8,
    /// Years since [`Panel::first_year`].
    pub year: u16,
    pub sales: f32,
}

/// What happened to all firms of a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnover {
    pub births: u64,
    pub deaths: u64,
    /// Orders from abroad, whatever their size.
    pub orders: u64,
}

/// Everything observed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Calendar year of year 0.
    pub first_year: i32,
    pub years: u16,
    /// In the order of slot, then generation.
    pub firms: Vec<Enterprise>,
    /// In the order of firm, then year.
    pub firm_years: Vec<FirmYear>,
    /// In the order of firm, then market, then year.
    pub flows: Vec<Flow>,
    /// By year.
    pub turnover: Vec<Turnover>,
}

impl Panel {
    /// The firm-years of each firm in turn.
    pub fn histories(&self) -> impl Iterator<Item = &[FirmYear]> {
        self.firm_years.chunk_by(|a, b| a.firm == b.firm)
    }

    /// The flows of each firm to each market in turn.
    pub fn relations(&self) -> impl Iterator<Item = &[Flow]> {
        self.flows.chunk_by(|a, b| (a.firm, a.market) == (b.firm, b.market))
    }

    /// The firm-year of a firm, if it lived at the end of that year.
    pub fn at(&self, firm: u32, year: u16) -> Option<&FirmYear> {
        let found = self.firm_years.binary_search_by_key(&(firm, year), |row| (row.firm, row.year));
        found.ok().map(|row| &self.firm_years[row])
    }

    /// The firm a row belongs to.
    pub fn firm(&self, firm: u32) -> &Enterprise {
        &self.firms[firm as usize]
    }

    /// The calendar year of a year of the panel.
    pub fn calendar(&self, year: u16) -> i32 {
        self.first_year + i32::from(year)
    }
}

/// What a home country and a market have in common, as gravity equations want it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pair {
    /// Log of the distance in km.
    pub ln_km: f64,
    pub border: bool,
    /// A common official language.
    pub language: bool,
    pub colony: bool,
}

/// A home country as seen from its customs office; vectors by market.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Its own market.
    pub market: u8,
    pub pairs: Vec<Pair>,
    /// Trade friction.
    pub friction: Vec<f32>,
    /// Is a market beyond the home region?
    pub beyond: Vec<bool>,
}

/// What does not change while a panel is observed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    pub homes: Vec<Origin>,
    /// GDP of every market, US$ a year.
    pub gdp: Vec<f64>,
    /// Yearly sales in a market from which they are reported, US$.
    pub threshold: f32,
}

/// Whom a statistic is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Population {
    /// Every firm.
    All,
    /// Fewer than 250 employees.
    Sme,
    /// 10 employees or more.
    TenPlus,
    /// The same, where the source is a census of manufacturing plants; the model tells no manufacturers apart.
    Plants,
    /// Every exporter that customs see, whatever its size.
    Customs,
}

impl Population {
    /// Every population with the word used in tables.
    pub const WORDS: [(Self, &'static str); 5] = [
        (Self::All, "ALL"),
        (Self::Sme, "SME"),
        (Self::TenPlus, "10+"),
        (Self::Plants, "MFG10"),
        (Self::Customs, "CUS"),
    ];

    /// The population of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|known| known.1 == word).map(|known| known.0)
    }

    /// The word used in tables.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|known| known.0 == self).expect("every population has a word").1
    }

    /// Does it hold a firm of that size?
    #[inline]
    pub fn admits(self, employees: f32) -> bool {
        match self {
            Self::All | Self::Customs => true,
            Self::Sme => employees < 250.0,
            Self::TenPlus | Self::Plants => employees >= 10.0,
        }
    }
}

/// What a statistic is computed from.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    pub panel: &'a Panel,
    pub ground: &'a Ground,
    /// The graph of peers, over slots.
    pub peers: &'a PeerGraph,
    pub population: Population,
}

impl<'a> Sample<'a> {
    /// The firm-years of the population.
    pub fn firm_years(&self) -> impl Iterator<Item = &'a FirmYear> {
        let population = self.population;
        self.panel.firm_years.iter().filter(move |row| population.admits(row.employees))
    }

    /// The firm-years of the population with exports.
    pub fn exporters(&self) -> impl Iterator<Item = &'a FirmYear> {
        self.firm_years().filter(|row| row.markets > 0)
    }
}
