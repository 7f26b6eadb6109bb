//! Rows on young and sudden internationalisers: speed, learning, growth and survival.

mod measured;

use super::seen::Seen;
use super::statistics::mean;
use super::{Check, Expect, Row};
use crate::economy::accounts::Sum;
use crate::number::f64s::ln;
use crate::observe::trajectory::Onset;
use crate::observe::venture::Venture;
use measured::{
    awakened, cautious, dying, early_failure, growth, known, late, learning, overload, pace, performance, scatter,
    valley, venture, widening,
};

/// Rows of this family.
pub const ROWS: &[Row] = &[
    Row {
        number: 11,
        name: "four-forces-of-speed",
        claim: "Technology enables and competition motivates early internationalization, if the entrepreneur perceives them; knowledge and networks strengthen both.",
        source: "Oviatt & McDougall 2005",
        experiment: "The forces of `mechanism.force` one at a time: technology, competition, both without perception, competition with knowledge and with networks. Lag: mean years to the first export within ten years of founding, from the hazard by age.",
        arms: &[
            &[],
            &["mechanism.force.technology=3"],
            &["mechanism.force.competition=3"],
            &["mechanism.force.technology=3", "mechanism.force.competition=3", "mechanism.force.perception=0"],
            &["mechanism.force.competition=3", "mechanism.force.knowledge=1"],
            &["mechanism.force.competition=3", "mechanism.force.network=1"],
        ],
        checks: &[
            Check::new("lag in years: technology less none", Expect::Negative, |arms| {
                arms[1].lag(10) - arms[0].lag(10)
            }),
            Check::new("lag in years: competition less none", Expect::Negative, |arms| {
                arms[2].lag(10) - arms[0].lag(10)
            }),
            Check::new("firm-years exporting, both forces unperceived: change", Expect::Never, |arms| {
                arms[3].sum(Sum::Exporters) - arms[0].sum(Sum::Exporters)
            }),
            Check::new("proactive firms under competition: with knowledge less without", Expect::Positive, |arms| {
                arms[4].share(Sum::Proactive, Sum::Firms) - arms[2].share(Sum::Proactive, Sum::Firms)
            }),
            Check::new("proactive firms under competition: with networks less without", Expect::Positive, |arms| {
                arms[5].share(Sum::Proactive, Sum::Firms) - arms[2].share(Sum::Proactive, Sum::Firms)
            }),
        ],
        ablation: &["mechanism.force.on=false"],
        note: "The forces are off by default (their weights are 0): the calibrated population does not need them.",
    },
    Row {
        number: 12,
        name: "types-of-new-ventures",
        claim: "New ventures differ in how many activities they run abroad and in how many countries; all four combinations occur.",
        source: "Oviatt & McDougall 1994",
        experiment: "Exporters up to six years old, slack target of 2: sales subsidiary or production in some market or not; five countries or more, or fewer. Share of each cell.",
        arms: &[&["mechanism.slack.target=2"]],
        checks: &[
            Check::new("export start-ups (few activities, few countries)", Expect::Positive, |arms| {
                venture(&arms[0], Venture::ExportStartUp)
            }),
            Check::new("multinational traders (few, many)", Expect::Positive, |arms| {
                venture(&arms[0], Venture::MultinationalTrader)
            }),
            Check::new("geographically focused start-ups (many, few)", Expect::Positive, |arms| {
                venture(&arms[0], Venture::FocusedStartUp)
            }),
            Check::new("global start-ups (many, many)", Expect::Positive, |arms| {
                venture(&arms[0], Venture::GlobalStartUp)
            }),
        ],
        ablation: &["mechanism.stage.on=false"],
        note: "",
    },
    Row {
        number: 13,
        name: "born-globals-emerge",
        claim: "Some firms are global from the start though no firm has a type; where firms differ, some start at once and others late.",
        source: "Knight & Cavusgil 1996, 2004",
        experiment: "Share of born globals among firms of known trajectory. Then founders with three contacts each who seldom search, and deals that are quick: firms that differ much in proactivity and barriers (spreads of 6 and 4), and firms that do not: years from founding to the first export, from hazards by age, on a logarithmic scale: share per log year at 1 and 2, at 4 to 6 and at 10 to 19 years.",
        arms: &[
            &[],
            &[
                "population.proactivity_spread=6",
                "population.barrier_spread=4",
                "mechanism.founder.contacts=3",
                "mechanism.search.rate=1",
                "mechanism.unsolicited.rate=0.1",
                "mechanism.entry.deal=1",
            ],
            &[
                "population.proactivity_spread=0",
                "population.barrier_spread=0",
                "mechanism.founder.contacts=3",
                "mechanism.search.rate=1",
                "mechanism.unsolicited.rate=0.1",
                "mechanism.entry.deal=1",
            ],
        ],
        checks: &[
            Check::new("share of born globals", Expect::Positive, |arms| arms[0].share_labelled(&[Onset::BornGlobal])),
            Check::new("early mode: share per log year at 1–2 less at 4–6", Expect::Positive, |arms| {
                arms[1].starts(1..3) - arms[1].starts(4..7)
            }),
            Check::new("late mode: share per log year at 10–19 less at 4–6", Expect::Positive, |arms| {
                arms[1].starts(10..20) - arms[1].starts(4..7)
            }),
            Check::new("depth of the valley: firms that differ less firms that do not", Expect::Open, |arms| {
                valley(&arms[1]) - valley(&arms[2])
            }),
        ],
        ablation: &["mechanism.founder.on=false"],
        note: "On a plain scale the hazard of starting falls with age and the lags have one mode, at the start. Founders' contacts make the early mode; firms that do not differ but have them show two modes as well, so the valley is not the work of differing traits alone.",
    },
    Row {
        number: 14,
        name: "born-again-globals",
        claim: "A critical incident makes firms internationalize suddenly after years at home.",
        source: "Bell, McNaughton & Young 2001; Bell, McNaughton, Young & Crick 2003",
        experiment: "The same firms in a world with incidents (ι = 0.04) and one without: change of the foreign sales share from the year before an incident to three years after. Share labelled born again in both worlds.",
        arms: &[&["mechanism.incident.rate=0.04"], &["mechanism.incident.on=false"]],
        checks: &[
            Check::new(
                "three-year change of FSTS: after an incident less the same firm without",
                Expect::Positive,
                |arms| awakened(&arms[0], &arms[1]),
            ),
            Check::new("share born again: with incidents less without", Expect::Positive, |arms| {
                let again = [Onset::BornAgainGlobal, Onset::BornAgainRegional];
                arms[0].share_labelled(&again) - arms[1].share_labelled(&again)
            }),
        ],
        ablation: &["mechanism.incident.on=false"],
        note: "",
    },
    Row {
        number: 15,
        name: "learning-advantage-of-newness",
        claim: "Firms that enter young learn faster and grow faster afterwards.",
        source: "Autio, Sapienza & Almeida 2000",
        experiment: "Knowledge gained from year to year in a market, by age at first entry abroad, knowledge and sales held constant. Growth of the number of markets from the first to the fourth full year abroad, by age at the first export, size and markets held constant. Inertia grows by 0.3 a year. Second arm: newness gives no advantage (τ_n = 1000).",
        arms: &[
            &["mechanism.knowledge.newness=8", "mechanism.inertia.growth=0.3"],
            &["mechanism.knowledge.newness=1000", "mechanism.inertia.growth=0.3"],
        ],
        checks: &[
            Check::new("knowledge gained in a year, per year of entry age", Expect::Negative, |arms| {
                learning(&arms[0])
            }),
            Check::new("the same: with the advantage less without", Expect::Negative, |arms| {
                learning(&arms[0]) - learning(&arms[1])
            }),
            Check::new("log growth of markets after entry, per year of entry age", Expect::Negative, |arms| {
                widening(&arms[0])
            }),
        ],
        ablation: &["mechanism.knowledge.newness=1000", "mechanism.inertia.on=false"],
        note: "",
    },
    Row {
        number: 16,
        name: "survival-and-growth",
        claim: "Early internationalization may cost survival and speed growth, less so for the experienced.",
        source: "Sapienza, Autio, George & Zahra 2006",
        experiment: "Default; and with the assumed strain of early entry (`mechanism.strain.early` = 0.3, softened by successes). Firms by age at first export: failure within three years, growth of exports.",
        arms: &[&[], &["mechanism.strain.early=0.3", "mechanism.strain.softening=0"], &["mechanism.strain.early=0.3"]],
        checks: &[
            Check::new(
                "default: failure within three years, age at first export ≤ 2 less older",
                Expect::Open,
                |arms| early_failure(&arms[0]),
            ),
            Check::new("with strain, not softened: the same", Expect::Open, |arms| early_failure(&arms[1])),
            Check::new("with strain, softened by experience: the same", Expect::Open, |arms| early_failure(&arms[2])),
            Check::new("default: log growth of exports, per year of age at first export", Expect::Open, |arms| {
                growth(&arms[0])
            }),
        ],
        ablation: &[],
        note: "Disputed. Newborn firms fail more often whether they export or not (liability of newness), so the first number holds age effects that no export causes; the difference between the first and the second is what the assumption adds.",
    },
    Row {
        number: 17,
        name: "age-speed-and-risk",
        claim: "Firms that go abroad late, slowly and cautiously fail least.",
        source: "Meschi, Ricard & Tapia Moore 2017",
        experiment: "Default; and with the assumed strain of fast and risky expansion (`mechanism.strain.pace` = 0.3). Exporters by age at first export (above 5), markets per year abroad (below the median) and felt distance of the portfolio (below the median): failure in the following year, late-slow-cautious less all others.",
        arms: &[&[], &["mechanism.strain.pace=0.3"]],
        checks: &[
            Check::new("default: failure of late, slow and cautious exporters less others", Expect::Open, |arms| {
                cautious(&arms[0])
            }),
            Check::new("with strain: the same", Expect::Open, |arms| cautious(&arms[1])),
        ],
        ablation: &[],
        note: "Disputed. By default pace and risk touch failure through money only; the strain is a named assumption.",
    },
    Row {
        number: 18,
        name: "speed-and-performance",
        claim: "Breadth of speed may raise performance and commitment speed lower it, both with diminishing effect.",
        source: "Hilmersson & Johanson 2016",
        experiment: "Exporters in their third to sixth year abroad. Log exports two years later over now, on markets per year abroad and its square, and on the share of foreign sales under commitment per year abroad and its square, log exports held constant.",
        arms: &[&[]],
        checks: &[
            Check::new("breadth speed", Expect::Open, |arms| performance(&arms[0])[0]),
            Check::new("its square", Expect::Open, |arms| performance(&arms[0])[1]),
            Check::new("commitment speed", Expect::Open, |arms| performance(&arms[0])[2]),
            Check::new("its square", Expect::Open, |arms| performance(&arms[0])[3]),
        ],
        ablation: &[],
        note: "Disputed. The model has no rule on speed; the signs are what demand, capacity and referrals make of it.",
    },
    Row {
        number: 19,
        name: "depth-diversity-and-speed",
        claim: "Speed may rise and then fall with depth, and fall and then rise with diversity.",
        source: "Casillas & Moreno-Menéndez 2014",
        experiment: "Exporters. Markets gained in two years on the foreign sales share and its square, and on Blau's diversity over markets and its square.",
        arms: &[&[]],
        checks: &[
            Check::new("depth", Expect::Open, |arms| pace(&arms[0])[0]),
            Check::new("its square", Expect::Open, |arms| pace(&arms[0])[1]),
            Check::new("diversity", Expect::Open, |arms| pace(&arms[0])[2]),
            Check::new("its square", Expect::Open, |arms| pace(&arms[0])[3]),
        ],
        ablation: &[],
        note: "Disputed. Nothing in the model speaks of diversity; markets gained revert to the mean, which a regression on levels picks up.",
    },
    Row {
        number: 20,
        name: "lag-and-speed",
        claim: "Firms that start late may expand slower afterwards.",
        source: "Hilmersson, Johanson, Lundberg & Papaioannou 2017",
        experiment: "Markets per year abroad in the fifth year after the first export, by years from founding to it; with inertia (default) and without.",
        arms: &[&[], &["mechanism.inertia.on=false"]],
        checks: &[
            Check::new("default: markets per year, per year of lag", Expect::Open, |arms| late(&arms[0])),
            Check::new("without inertia: the same", Expect::Open, |arms| late(&arms[1])),
        ],
        ablation: &[],
        note: "Disputed. Lag and size go together, and larger firms meet more partners; inertia works the other way.",
    },
    Row {
        number: 22,
        name: "substitutes-for-experience",
        claim: "What founders and partners know stands in for own experience, and matters less as that grows.",
        source: "Bruneel, Yli-Renko & Clarysse 2010; Zhou, Wu & Luo 2007",
        experiment: "Knowledge from partners (k_p of 0.06 against 0): difference of knowledge in the first two years in a market, and from the sixth on. Founders' contacts against none: difference of the share exporting up to age three, and from age ten on.",
        arms: &[
            &["mechanism.knowledge.partners=0.06"],
            &["mechanism.knowledge.partners=0"],
            &[],
            &["mechanism.founder.on=false"],
        ],
        checks: &[
            Check::new("effect of partners on knowledge: early less late", Expect::Positive, |arms| {
                let effect = |years: std::ops::Range<usize>| known(&arms[0], years.clone()) - known(&arms[1], years);
                effect(0..2) - effect(5..40)
            }),
            Check::new("effect of founders on exporting: young less old", Expect::Positive, |arms| {
                let effect =
                    |ages: std::ops::Range<i32>| arms[2].exporting_at(ages.clone()) - arms[3].exporting_at(ages);
                effect(0..4) - effect(10..20)
            }),
        ],
        ablation: &["mechanism.knowledge.partners=0", "mechanism.founder.on=false"],
        note: "",
    },
    Row {
        number: 23,
        name: "gusher",
        claim: "A firm that rushes after demand beyond its capacity may win or lose much: outcomes scatter.",
        source: "Chetty & Campbell-Hunt 2004",
        experiment: "3,000 firms. Firms with more orders than capacity may rush (`mechanism.gusher`), or none does. The same firms in both worlds, from the first year in which orders are beyond capacity: standard deviation of log exports over size three years later.",
        arms: &[
            &["population.firms=3000", "mechanism.gusher.rate=3", "mechanism.gusher.lost_trust=0.9"],
            &["population.firms=3000", "mechanism.gusher.rate=0"],
        ],
        checks: &[Check::new("spread of outcomes: with rushing less without", Expect::Positive, |arms| {
            scatter(&arms[0], &arms[1])
        })],
        ablation: &["mechanism.gusher.rate=0"],
        note: "Rushing is off by default.",
    },
    Row {
        number: 24,
        name: "overload",
        claim: "The more markets a firm enters at once, the less it learns from each.",
        source: "Vermeulen & Barkema 2002",
        experiment: "Knowledge gained in a year in a market, by markets entered that year, knowledge, sales and entry age held constant; overload ξ_o of 0.5 and 0.",
        arms: &[&["mechanism.knowledge.overload=0.5"], &["mechanism.knowledge.overload=0"]],
        checks: &[
            Check::new("knowledge gained, per market entered", Expect::Negative, |arms| overload(&arms[0])),
            Check::new("the same: with overload less without", Expect::Negative, |arms| {
                overload(&arms[0]) - overload(&arms[1])
            }),
        ],
        ablation: &["mechanism.knowledge.overload=0"],
        note: "",
    },
    Row {
        number: 28,
        name: "age-and-failure",
        claim: "Newness and obsolescence both kill, at opposite ends of life.",
        source: "Stinchcombe 1965; Henderson 1999; Sørensen & Stuart 2000",
        experiment: "Newness h_new on and off, obsolescence h_old of 0 and 2. Failures a year before age 5 less those from age 15 on.",
        arms: &[&[], &["mechanism.demography.newness=0"], &["mechanism.demography.obsolescence=2"]],
        checks: &[
            Check::new("young less old: with newness less without", Expect::Positive, |arms| {
                dying(&arms[0]) - dying(&arms[1])
            }),
            Check::new("young less old: with obsolescence less without", Expect::Negative, |arms| {
                dying(&arms[2]) - dying(&arms[0])
            }),
        ],
        ablation: &["mechanism.demography.newness=0", "mechanism.demography.obsolescence=0"],
        note: "",
    },
];

impl Seen {
    /// Chance that a firm that has not exported begins at an age, from 0.
    fn start_hazards(&self) -> Vec<f64> {
        let ages = self.tallies.at_risk[0].len();
        let both =
            |table: &[[u32; crate::economy::accounts::AGES]; 2], age: usize| f64::from(table[0][age] + table[1][age]);
        (0..ages)
            .map(|age| both(&self.tallies.first_exports, age) / both(&self.tallies.at_risk, age).max(1.0))
            .collect()
    }

    /// Mean years to the first export within `window` years of founding, were nobody to die.
    pub fn lag(&self, window: usize) -> f64 {
        let mut waiting = 1.0;
        self.start_hazards()[..window]
            .iter()
            .map(|hazard| {
                waiting *= 1.0 - hazard;
                waiting
            })
            .sum()
    }

    /// Share of first exports per log year at some ages, among firms that begin within 20 years.
    fn starts(&self, ages: std::ops::Range<usize>) -> f64 {
        let mut waiting = 1.0;
        let starts: Vec<f64> = self.start_hazards()[..20]
            .iter()
            .map(|hazard| {
                let starts = waiting * hazard;
                waiting -= starts;
                starts
            })
            .collect();
        let width = ln((ages.end as f64) / (ages.start as f64));
        starts[ages].iter().sum::<f64>() / width / starts.iter().sum::<f64>()
    }

    /// Share of firms of some ages that export.
    fn exporting_at(&self, ages: std::ops::Range<i32>) -> f64 {
        let asked = self.firms.iter().filter(|at| ages.contains(&(at.age(self) as i32)));
        mean(asked.map(|at| f64::from(u8::from(at.row.exports > 0.0))))
    }
}
