//! Firms, their ties abroad and their relations to markets: the rows of the economy.
//!
//! A firm's quarter reads nearly all of its state, so a firm is one row of 152 bytes and not a set of columns; ties
//! and relations are rows of their own, in the order of the firms, and only their owner writes them. What others may
//! read is the [`VisibleState`].

use serde::{Deserialize, Serialize};

pub mod birth;
pub mod roster;

/// Trajectory-free attitude to exporting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Orientation {
    NonExporter = 0,
    Passive = 1,
    Proactive = 2,
}

impl Orientation {
    /// Names in the order of the discriminants.
    pub const NAMES: [&'static str; 3] = ["non-exporter", "passive", "proactive"];

    /// The name shown in tables.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// Where a contact came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Origin {
    Search = 0,
    Unsolicited = 1,
    Sns = 2,
    Referral = 3,
    Peer = 4,
    Agent = 5,
    Founder = 6,
    Policy = 7,
}

impl Origin {
    /// Every origin, in the order of the discriminants.
    pub const ALL: [Self; 8] = [
        Self::Search,
        Self::Unsolicited,
        Self::Sns,
        Self::Referral,
        Self::Peer,
        Self::Agent,
        Self::Founder,
        Self::Policy,
    ];

    /// The name shown in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Unsolicited => "unsolicited",
            Self::Sns => "sns",
            Self::Referral => "referral",
            Self::Peer => "peer",
            Self::Agent => "agent",
            Self::Founder => "founder",
            Self::Policy => "policy",
        }
    }
}

/// How far a tie has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Serialize, Deserialize)]
#[repr(u8)]
pub enum TieState {
    /// Known, nothing done.
    Contact = 0,
    /// Followed up, nothing sold yet.
    Pursued = 1,
    /// Buys.
    Customer = 2,
    /// To be removed at the end of the quarter.
    Gone = 3,
}

/// The platform number of a tie that is offline.
pub const OFFLINE: u8 = u8::MAX;

/// One firm. Money in revenue of one employee a year; shares from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Firm {
    /// Domestic revenue a year `z`, and its logarithm, which is what grows.
    pub size: f32,
    pub ln_size: f32,
    /// `z^ω`, renewed yearly: scale of arrivals.
    pub arrival_scale: f32,
    /// `z^η`, renewed yearly: scale of orders.
    pub order_scale: f32,
    /// `z^(−h_z)`, renewed yearly: scale of the failure hazard.
    pub failure_scale: f32,
    /// Export appeal `μ`, unknown to the firm.
    pub appeal: f32,
    /// Sum of what orders said about appeal.
    pub residuals: f32,
    /// Proactivity `a` and its value at birth.
    pub proactivity: f32,
    pub baseline_proactivity: f32,
    /// Business skill `b`, digital skill `d`, clarity of objectives `o`.
    pub skill: f32,
    pub digital: f32,
    pub objectives: f32,
    /// Psychological, organisational, operational, product/market.
    pub barriers: [f32; 4],
    /// Chance that none of them stops the firm.
    pub unhindered: f32,
    /// Relational share of SNS use `u`, and reach of all platforms used.
    pub relational: f32,
    pub reach: f32,
    /// Liquid reserves `W` in quarters of revenue.
    pub slack: f32,
    /// Production capacity a year.
    pub capacity: f32,
    /// Inertia `I`.
    pub inertia: f32,
    /// Moving share of failed online loops.
    pub failed: f32,
    /// Orders wanted in a year, moving.
    pub wanted: f32,
    /// Domestic revenue and exports of this year so far; exports of last year.
    pub home_sales: f32,
    pub exports: f32,
    pub exports_last: f32,
    /// exp(−age at first entry/τ_n).
    pub learning: f32,
    /// The latest record of the firm's career in its chunk, or [`NONE`].
    pub career: u32,
    /// Quarter of founding; negative before the start.
    pub born: i16,
    /// Until when an incident raises tolerance.
    pub awake_until: i16,
    /// Quarter of the first sale abroad and of adopting SNS, −1 if never.
    pub first_sale: i16,
    pub adopted: i16,
    /// Which generation of its slot.
    pub generation: u16,
    pub district: u16,
    pub platforms: u16,
    pub trials: u16,
    pub successes: u16,
    /// Orders that spoke about appeal.
    pub lessons: u16,
    /// Rows in the chunk's lists.
    pub ties: u16,
    pub relations: u16,
    /// Relations that are kept up to date, the first of its rows: the markets that it has not left behind.
    pub live: u8,
    pub home: u8,
    pub sector: u8,
    pub orientation: Orientation,
    pub on_sns: bool,
    /// Has it no tie, and has it left all markets behind?
    pub dormant: bool,
    /// Markets entered this year.
    pub new_markets: u8,
    /// Origin of the first entry, 255 if none.
    pub first_origin: u8,
    /// Stage steps taken and, of these, leaps.
    pub steps: u8,
    pub leaps: u8,
}

/// No row.
pub const NONE: u32 = u32::MAX;

/// A tie to a partner abroad.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tie {
    /// Rank of the partner among those of its market.
    pub partner: u32,
    /// Trust `w`.
    pub trust: f32,
    /// Match quality `ν`.
    pub quality: f32,
    /// The contact's own draw, compared with barriers.
    pub draw: f32,
    /// Quarter in which it lapses if nothing comes of it, and in which it arose.
    pub lapses: u16,
    pub born: i16,
    /// Generation of the partner's slot, where the partner is a simulated firm.
    pub partner_generation: u16,
    pub market: u8,
    pub origin: Origin,
    pub state: TieState,
    /// Platform on which the tie lives, or [`OFFLINE`].
    pub platform: u8,
    /// Did the partner order last quarter?
    pub ordered: bool,
    /// Did it become a customer this very quarter? It orders from the next one on.
    pub fresh: bool,
}

impl Tie {
    /// Is the tie only online?
    #[inline]
    pub fn online(&self) -> bool {
        self.platform != OFFLINE
    }

    /// The tie's own part of an address: unique within a firm, whatever else the firm has.
    #[inline]
    pub fn which(&self) -> u64 {
        u64::from(self.market) << 32 | u64::from(self.partner)
    }
}

/// What a firm has to do with one market; kept only where something happened.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// Experiential knowledge `K`; of a market left behind, as of `quiet_since`.
    pub knowledge: f32,
    /// Sales of this year so far and of last year.
    pub sales: f32,
    pub sales_last: f32,
    /// Quarter of the latest sale and of the start of the present spell, −1 if none.
    pub last_sale: i16,
    pub since: i16,
    /// Quarter in which the last customer was lost, −1 while there is one; once the market is left behind, the quarter
    /// at whose start its knowledge was last brought up to date.
    pub quiet_since: i16,
    pub market: u8,
    /// 0 sporadic, 1 agent, 2 sales subsidiary, 3 production.
    pub stage: u8,
    /// Stage held when the market was last left.
    pub past_stage: u8,
    pub customers: u8,
    pub customers_offline: u8,
    /// Ties of any kind at the start of a quarter, those followed up at its end.
    pub ties: u8,
    /// Quarters in a row without an order.
    pub idle: u8,
    /// Years in a row counted as exporting there; measured at year ends.
    pub tenure: u8,
    /// State at the last year end: 0 not served, 1 sporadic … 4 production.
    pub state_last: u8,
    /// How many markets had been entered when this was, 1 for the first; 0 if never entered.
    pub rank: u8,
}

impl Relation {
    /// A market nothing is known of.
    pub fn new(market: u8) -> Self {
        Self {
            knowledge: 0.0,
            sales: 0.0,
            sales_last: 0.0,
            last_sale: -1,
            since: -1,
            quiet_since: -1,
            market,
            stage: 0,
            past_stage: 0,
            customers: 0,
            customers_offline: 0,
            ties: 0,
            idle: 0,
            tenure: 0,
            state_last: 0,
            rank: 0,
        }
    }
}

/// How a market looks to a firm, worked out from knowledge and ties at the start of a quarter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sight {
    /// Insidership through offline and through online ties.
    pub offline: f32,
    pub online: f32,
    /// Perceived distance and true friction.
    pub perceived: f32,
    pub friction: f32,
}

impl Sight {
    /// Insidership through all ties: `1 − (1 − J_off)(1 − J_on)`.
    #[inline]
    pub fn insidership(&self) -> f32 {
        1.0 - (1.0 - self.offline) * (1.0 - self.online)
    }
}

/// Why a market was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The last customer was lost and no other found within the year.
    Deserted = 0,
    /// Too many quarters without an order.
    Idle = 1,
    /// A loss-making year (casino rule).
    StopLoss = 2,
    /// The firm failed.
    Failure = 3,
    /// It proved farther, or poorer, than it looked.
    Revealed = 4,
}

impl Exit {
    /// The name shown in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deserted => "deserted",
            Self::Idle => "idle",
            Self::StopLoss => "stop-loss",
            Self::Failure => "failure",
            Self::Revealed => "revealed",
        }
    }
}

/// What other firms can see of a firm: 32 bytes, as of the start of the quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisibleState {
    /// One bit per market with a customer, and their number.
    markets: [u8; 26],
    count: u8,
    pub generation: u16,
    pub born: i16,
    pub on_sns: bool,
}

impl VisibleState {
    /// Most markets a visible state can show.
    pub const MARKETS: usize = 208;

    /// A firm without markets.
    pub fn new(generation: u16, born: i16, on_sns: bool) -> Self {
        Self { markets: [0; 26], count: 0, generation, born, on_sns }
    }

    /// Shows a market.
    #[inline]
    pub fn show(&mut self, market: u8) {
        self.count += u8::from(!self.has(market));
        self.markets[usize::from(market >> 3)] |= 1 << (market & 7);
    }

    /// Has the firm a customer in the market?
    #[inline]
    pub fn has(&self, market: u8) -> bool {
        self.markets[usize::from(market >> 3)] & 1 << (market & 7) != 0
    }

    /// Number of markets with a customer.
    #[inline]
    pub fn count(&self) -> u32 {
        u32::from(self.count)
    }

    /// The markets with a customer, in order.
    pub fn markets(&self) -> impl Iterator<Item = u8> + '_ {
        let each = (0..).step_by(8).zip(self.markets).flat_map(|(first, byte)| ones(byte).map(move |bit| first + bit));
        each.take(usize::from(self.count))
    }

    /// The `n`th market shown, counted from 0.
    pub fn nth(&self, n: u32) -> Option<u8> {
        let mut left = n;
        for (i, byte) in self.markets.iter().enumerate() {
            let ones = byte.count_ones();
            if left < ones {
                let bit = (0..8).filter(|bit| byte & 1 << bit != 0).nth(left as usize)?;
                return Some((i * 8 + bit) as u8);
            }
            left -= ones;
        }
        None
    }
}

/// The positions of the ones of a byte, the lowest first.
#[inline]
fn ones(mut byte: u8) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let bit = byte.trailing_zeros() as u8;
        (byte != 0).then(|| {
            byte &= byte - 1;
            bit
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_small() {
        assert_eq!(size_of::<VisibleState>(), 32);
        assert!(size_of::<Firm>() <= 152, "{}", size_of::<Firm>());
        assert!(size_of::<Tie>() <= 28, "{}", size_of::<Tie>());
        assert!(size_of::<Relation>() <= 28, "{}", size_of::<Relation>());
    }

    #[test]
    fn a_face_shows_its_markets_in_order() {
        let mut visible = VisibleState::new(0, 0, false);
        for market in [3, 0, 199, 64, 3] {
            visible.show(market);
        }
        assert_eq!(visible.count(), 4);
        assert_eq!((0..5).map(|n| visible.nth(n)).collect::<Vec<_>>(), [Some(0), Some(3), Some(64), Some(199), None]);
        assert!(visible.markets().eq([0, 3, 64, 199]));
        assert!(visible.has(199) && !visible.has(198));
    }
}
