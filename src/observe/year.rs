//! The end of a firm's year: what it sold where is measured, added to the accounts, and the year's accounts are closed.

use crate::economy::accounts::{Accounts, FirmRow, PanelRow, Sum, highest_stage, tie_counts};
use crate::economy::career::{Careers, YearRecord};
use crate::firm::{Firm, NONE, Orientation, Relation, Sight, Tie};
use crate::number::ln;

/// What an observer needs to know of the home country.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Sales in a market from which a year counts as exporting there, money units.
    pub threshold: f32,
    /// Is a market beyond the home region?
    pub beyond: &'a [bool],
    /// Region of every market.
    pub regions: &'a [u8],
    /// Felt distance of every market.
    pub felt: &'a [f32],
    /// Years since the start of the simulation.
    pub year: u16,
    /// Age of the firm, years, in the accounts of ages at risk.
    pub step: u16,
}

/// Shares below and above which foreign sales count as low or high (fact C9).
const LOW: f32 = 0.2;
const HIGH: f32 = 0.8;

/// Measures a firm's year, writes it into the accounts once the burn-in is over, and closes the firm's accounts of the year.
/// `sights` go with the first of its relations, the markets in hand.
#[allow(clippy::too_many_arguments)]
pub fn close(
    slot: u32,
    firm: &mut Firm,
    ties: &[Tie],
    relations: &mut [Relation],
    sights: &[Sight],
    careers: &mut Careers,
    accounts: &mut Accounts,
    view: &View,
) {
    let year = Year::measure(firm, relations, view);
    if accounts.observing {
        count_firm(firm, &year, accounts);
        if !(ties.is_empty() && relations.is_empty()) {
            count_ties(firm, ties, relations, sights, accounts, view);
        }
        count_first_export(firm, firm.career != NONE, year.markets > 0, accounts, view);
    }
    if year.markets > 0 {
        let record = YearRecord {
            year: view.year,
            markets: year.markets,
            regions: year.regions,
            stage: highest_stage(relations),
            fsts: year.fsts,
            extra_regional: year.extra_regional,
        };
        firm.career = careers.add(firm.career, record);
    }
    if accounts.observing {
        note_rows(slot, firm, ties, (relations, sights), &year, accounts, view);
    }
    close_accounts(firm, relations, &year, accounts, view);
}

/// A firm's exports of one year, markets below the threshold left out.
#[derive(Clone, Copy, Debug, Default)]
struct Year {
    markets: u8,
    regions: u8,
    exports: f32,
    fsts: f32,
    extra_regional: f32,
    herfindahl: f32,
    entropy_between: f32,
    entropy_within: f32,
    distance: f32,
}

impl Year {
    fn measure(firm: &Firm, relations: &[Relation], view: &View) -> Self {
        let mut year = Self::default();
        if !relations.iter().any(|relation| relation.sales >= view.threshold) {
            return year;
        }
        // Sales by region: regions are few (UN sub-continents), so a small table on the stack does.
        let mut by_region = [0.0_f32; 64];
        let mut squares = 0.0;
        for relation in relations.iter().filter(|relation| relation.sales >= view.threshold) {
            let market = usize::from(relation.market);
            year.markets += 1;
            year.exports += relation.sales;
            squares += relation.sales * relation.sales;
            year.extra_regional += if view.beyond[market] { relation.sales } else { 0.0 };
            year.distance += relation.sales * view.felt[market];
            by_region[usize::from(view.regions[market]) & 63] += relation.sales;
        }
        let total = year.exports;
        year.fsts = total / (total + firm.home_sales);
        year.extra_regional /= total;
        year.distance /= total;
        year.herfindahl = squares / (total * total);
        year.regions = by_region.iter().filter(|sales| **sales > 0.0).count() as u8;
        for sales in by_region.iter().filter(|sales| **sales > 0.0) {
            year.entropy_between -= sales / total * ln(sales / total);
        }
        for relation in relations.iter().filter(|relation| relation.sales >= view.threshold) {
            let region = by_region[usize::from(view.regions[usize::from(relation.market)]) & 63];
            year.entropy_within -= relation.sales / total * ln(relation.sales / region);
        }
        year
    }
}

fn count_firm(firm: &Firm, year: &Year, accounts: &mut Accounts) {
    let employees = firm.size + year.exports;
    accounts.add(Sum::Firms, 1.0);
    accounts.add(Sum::HomeSales, f64::from(firm.home_sales));
    accounts.add(Sum::Employment, f64::from(employees));
    accounts.add(Sum::Slack, f64::from(firm.slack));
    accounts.add(Sum::Proactivity, f64::from(firm.proactivity));
    accounts.add(Sum::Inertia, f64::from(firm.inertia));
    let exporter = year.markets > 0;
    let (class, exporters) = match employees {
        e if e < 10.0 => (Some(Sum::FirmsMicro), Sum::ExportersMicro),
        e if e < 50.0 => (Some(Sum::FirmsSmall), Sum::ExportersSmall),
        e if e < 250.0 => (Some(Sum::FirmsMedium), Sum::ExportersMedium),
        _ => (None, Sum::Exporters),
    };
    if let Some(class) = class {
        accounts.add(class, 1.0);
        if exporter {
            accounts.add(exporters, 1.0);
        }
    }
    accounts.add(
        match firm.orientation {
            Orientation::NonExporter => Sum::NonExporters,
            Orientation::Passive => Sum::Passive,
            Orientation::Proactive => Sum::Proactive,
        },
        1.0,
    );
    if firm.slack < 0.0 {
        accounts.add(Sum::Distressed, 1.0);
    }
    if employees >= 10.0 {
        accounts.add(Sum::FirmsTenPlus, 1.0);
    }
    if firm.on_sns {
        accounts.add(Sum::OnSns, 1.0);
        accounts.add(Sum::Platforms, f64::from(firm.platforms.count_ones()));
        accounts.add(Sum::Reach, f64::from(firm.reach));
        if employees >= 10.0 {
            accounts.add(Sum::OnSnsTenPlus, 1.0);
        }
    }
    let before = firm.exports_last > 0.0;
    if before && !exporter {
        accounts.add(Sum::StoppedExporters, 1.0);
    }
    if !exporter {
        return;
    }
    if !before {
        accounts.add(Sum::NewExporters, 1.0);
    }
    accounts.add(Sum::Exporters, 1.0);
    accounts.add(Sum::Exports, f64::from(year.exports));
    accounts.add(Sum::Markets, f64::from(year.markets));
    accounts.add(Sum::Regions, f64::from(year.regions));
    accounts.add(Sum::ForeignShare, f64::from(year.fsts));
    accounts.add(Sum::Herfindahl, f64::from(year.herfindahl));
    accounts.add(Sum::ExtraRegional, f64::from(year.extra_regional));
    accounts.add(Sum::OneMarket, f64::from(u8::from(year.markets == 1)));
    accounts.add(Sum::TenMarkets, f64::from(u8::from(year.markets >= 10)));
    accounts.add(Sum::ForeignShareLow, f64::from(u8::from(year.fsts < LOW)));
    accounts.add(Sum::ForeignShareHigh, f64::from(u8::from(year.fsts > HIGH)));
}

fn count_ties(
    firm: &Firm,
    ties: &[Tie],
    relations: &[Relation],
    sights: &[Sight],
    accounts: &mut Accounts,
    view: &View,
) {
    let [all, online, customers, customers_online] = tie_counts(ties);
    accounts.add(Sum::Ties, f64::from(all));
    accounts.add(Sum::TiesOnline, f64::from(online));
    accounts.add(Sum::Customers, f64::from(customers));
    accounts.add(Sum::CustomersOnline, f64::from(customers_online));
    for tie in ties {
        accounts.add(Sum::Trust, f64::from(tie.trust));
    }
    debug_assert_eq!(usize::from(all), ties.len(), "a firm in home {} counts its ties", firm.home);
    // A market left behind has no customer.
    for (relation, seen) in relations.iter().zip(sights) {
        if relation.customers > 0 {
            accounts.add(Sum::Served, 1.0);
            accounts.add(Sum::Knowledge, f64::from(relation.knowledge));
            accounts.add(Sum::Perceived, f64::from(seen.perceived));
            accounts.add(Sum::Felt, f64::from(view.felt[usize::from(relation.market)]));
            match relation.stage {
                0 => {}
                1 => accounts.add(Sum::StageAgent, 1.0),
                2 => accounts.add(Sum::StageSubsidiary, 1.0),
                _ => accounts.add(Sum::StageProduction, 1.0),
            }
        }
    }
    for relation in relations {
        if relation.sales >= view.threshold {
            let sum = if relation.sales_last >= view.threshold { Sum::MarketIncumbents } else { Sum::MarketEntrants };
            accounts.add(sum, 1.0);
        }
    }
}

fn count_first_export(firm: &Firm, exported: bool, exports: bool, accounts: &mut Accounts, view: &View) {
    // Firms older than the simulation have a past nobody saw.
    if exported || firm.born < 0 {
        return;
    }
    let age = ((i32::from(view.step) - i32::from(firm.born)) / 4).max(0) as usize;
    let age = age.min(crate::economy::accounts::AGES - 1);
    let on_sns = usize::from(firm.on_sns);
    accounts.tallies.at_risk[on_sns][age] += 1;
    accounts.tallies.first_exports[on_sns][age] += u32::from(exports);
}

fn note_rows(
    slot: u32,
    firm: &Firm,
    ties: &[Tie],
    (relations, sights): (&[Relation], &[Sight]),
    year: &Year,
    accounts: &mut Accounts,
    view: &View,
) {
    if accounts.notes.panel {
        let sold = |(relation, _): &(&Relation, &Sight)| relation.sales >= view.threshold;
        for (relation, seen) in relations.iter().zip(sights).filter(sold) {
            accounts.panel.push(PanelRow {
                slot,
                generation: firm.generation,
                market: relation.market,
                stage: relation.stage,
                customers: relation.customers,
                ties: relation.ties,
                online_only: relation.customers > 0 && relation.customers_offline == 0,
                sales: relation.sales,
                knowledge: relation.knowledge,
                insidership: seen.insidership(),
                perceived: seen.perceived,
                friction: seen.friction,
            });
        }
    }
    if accounts.notes.firms {
        let [all, online, ..] = tie_counts(ties);
        accounts.firms.push(FirmRow {
            slot,
            firm: *firm,
            home_sales: firm.home_sales,
            exports: year.exports,
            markets: year.markets,
            regions: year.regions,
            stage: highest_stage(relations),
            ties: all,
            ties_online: online,
            herfindahl: year.herfindahl,
            entropy_between: year.entropy_between,
            entropy_within: year.entropy_within,
            distance: year.distance,
        });
    }
}

fn close_accounts(firm: &mut Firm, relations: &mut [Relation], year: &Year, accounts: &mut Accounts, view: &View) {
    for relation in relations.iter_mut() {
        let state = if relation.since < 0 { 0 } else { relation.stage + 1 };
        if accounts.observing && (state > 0 || relation.state_last > 0) {
            accounts.tallies.stages[usize::from(relation.state_last)][usize::from(state)] += 1;
        }
        relation.state_last = state;
        relation.tenure = if relation.sales >= view.threshold { relation.tenure.saturating_add(1) } else { 0 };
        relation.sales_last = relation.sales;
        relation.sales = 0.0;
    }
    firm.exports_last = if year.markets > 0 { year.exports } else { 0.0 };
    firm.exports = 0.0;
    firm.home_sales = 0.0;
    firm.new_markets = 0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Seed;
    use crate::economy::accounts::Notes;
    use crate::firm::birth::Population;

    const VIEW: View = View {
        threshold: 0.1,
        beyond: &[false, false, true],
        regions: &[0, 0, 1],
        felt: &[0.1, 0.2, 1.0],
        year: 3,
        step: 15,
    };

    fn relation(market: u8, sales: f32) -> Relation {
        Relation { sales, since: 1, rank: 1, customers: 1, ..Relation::new(market) }
    }

    #[test]
    fn a_year_by_hand() {
        let mut firm = Population::default().newborn(Seed::new(1, 0), 0, 0, 4, 1.5, 0.0);
        firm.home_sales = 6.0;
        let mut relations = [relation(0, 1.0), relation(1, 1.0), relation(2, 2.0), relation(2, 0.05)];
        let (mut careers, mut accounts) =
            (Careers::default(), Accounts::new(3, Notes { panel: true, ..Notes::default() }));
        accounts.observing = true;
        close(7, &mut firm, &[], &mut relations, &[Sight::default(); 4], &mut careers, &mut accounts, &VIEW);
        let mut years = Vec::new();
        careers.read(firm.career, &mut years);
        assert_eq!((years[0].markets, years[0].regions), (3, 2), "sales below the threshold do not count");
        assert!((years[0].fsts - 0.4).abs() < 1e-6 && (years[0].extra_regional - 0.5).abs() < 1e-6);
        assert_eq!(accounts.panel.len(), 3);
        assert!((accounts.sums[Sum::Herfindahl as usize] - 0.375).abs() < 1e-6);
        assert_eq!((firm.home_sales, relations[0].sales, relations[0].sales_last), (0.0, 0.0, 1.0));
        assert_eq!(accounts.tallies.first_exports[0][2], 1);
        assert_eq!(accounts.tallies.stages[0][1], 4);
    }

    #[test]
    fn entropy_decomposes() {
        let mut firm = Population::default().newborn(Seed::new(1, 0), 0, 0, 4, 1.5, 0.0);
        firm.home_sales = 1.0;
        let relations = [relation(0, 1.0), relation(1, 1.0), relation(2, 2.0)];
        let year = Year::measure(&firm, &relations, &VIEW);
        let total = 2.0 * 0.25 * 4.0_f32.ln() + 0.5 * 2.0_f32.ln();
        assert!((year.entropy_between + year.entropy_within - total).abs() < 1e-5);
        assert!((year.entropy_between - 2.0_f32.ln()).abs() < 1e-5);
    }
}
