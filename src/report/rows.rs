//! The tables a run writes: one row type each, with the unit and the meaning of every column.
//!
//! A firm is known by `replicate` and `firm` together, in every table; either alone says nothing. `firm` is below 2⁵³, so
//! that R and JavaScript read it without loss. Money is in US dollars of the data's year. Means over nothing are missing,
//! never zero.

use crate::report::table::{Declared, declared};

/// Every table, in the order of the data dictionary.
pub fn tables() -> Vec<Declared> {
    vec![
        declared::<Series>(),
        declared::<Trajectory>(),
        declared::<Firm>(),
        declared::<Panel>(),
        declared::<Event>(),
        declared::<Tie>(),
    ]
}

crate::table! {
    /// One row per firm that was observed: its whole history and the label read off it.
    pub struct Trajectory in "trajectories" {
        /// Replicate, from 0.
        replicate: u32, "";
        /// Identity of the firm within its replicate: its slot and the generation that lived there.
        firm: i64, "";
        /// Home country, ISO 3166-1 alpha-3.
        home: &'static str, "";
        /// Calendar year of founding; before the start of the simulation for firms older than it.
        founded: i32, "year";
        /// Domestic revenue at the end of life or of the run, in the revenue of one employee.
        size: f32, "employees";
        /// Sector.
        sector: &'static str, "";
        /// Proactivity at birth, 0 to 1.
        proactivity_at_birth: f32, "1";
        /// Onset label of the trajectory; the thresholds are those of the scenario.
        onset: &'static str, "";
        /// Continuity flag; missing for a firm that never exported.
        continuity: Option<&'static str>, "";
        /// One-label view: de-internationaliser and intermittent replace the onset label.
        label: &'static str, "";
        /// Years from founding to the first year of exporting.
        lag: Option<u16>, "years";
        /// First calendar year with exports above the reporting threshold.
        first_export_year: Option<i32>, "year";
        /// Years with exports above the reporting threshold.
        years_exporting: u16, "years";
        /// Most markets served in one year.
        max_markets: u8, "markets";
        /// Most world regions served in one year.
        max_regions: u8, "regions";
        /// Highest foreign share of sales in one year.
        peak_fsts: f32, "1";
        /// Markets per year abroad in the last year of exporting.
        breadth_speed: Option<f32>, "markets/year";
        /// Foreign share of sales per year abroad in the last year of exporting.
        depth_speed: Option<f32>, "1/year";
        /// Highest stage reached: 0 sporadic, 1 agent, 2 sales subsidiary, 3 production.
        max_stage: Option<u8>, "";
        /// Upward steps of stage that passed over at least one stage.
        leapfrogs: u16, "steps";
        /// Spearman correlation between the order of entry and the felt distance of the market.
        order_correlation: Option<f32>, "1";
        /// Age at which the firm first used a social networking site.
        sns_age: Option<u16>, "years";
        /// Origin of the contact that led to the first market.
        first_origin: Option<&'static str>, "";
        /// Whether the firm failed before the horizon.
        died: bool, "";
        /// Age in the last year observed.
        age_at_end: u16, "years";
    }
}

crate::table! {
    /// One row per firm, year and market with exports above the reporting threshold.
    pub struct Panel in "panel" {
        /// Replicate, from 0.
        replicate: u32, "";
        /// Identity of the firm within its replicate.
        firm: i64, "";
        /// Calendar year.
        year: u16, "year";
        /// Market, ISO 3166-1 alpha-3.
        market: &'static str, "";
        /// Exports of the year.
        sales: f32, "US$";
        /// Stage at the end of the year: 0 sporadic, 1 agent, 2 sales subsidiary, 3 production.
        stage: u8, "";
        /// Experiential knowledge of the market, 0 to 1.
        knowledge: f32, "1";
        /// Ties in the market that were followed up, customers included.
        ties: u8, "ties";
        /// Customers in the market at the end of the year.
        customers: u8, "ties";
        /// Whether all customers are met on a platform only.
        online_only: bool, "";
        /// Insidership: 1 − Π(1 − trust) over the ties in the market.
        insidership: f32, "1";
        /// Perceived distance after knowledge and ties; 1 is the mean felt distance of all country pairs.
        perceived_distance: f32, "1";
        /// True friction of trade after knowledge and ties; 1 is the mean friction of all country pairs.
        friction: f32, "1";
    }
}

crate::table! {
    /// One row per firm and year: what it did, what it is. Traits are those at the end of the year, with what support
    /// measures and SNS have made of them, unless their name says `at_birth`.
    pub struct Firm in "firms" {
        /// Replicate, from 0.
        replicate: u32, "";
        /// Identity of the firm within its replicate.
        firm: i64, "";
        /// Name that population.firms_file gives the firm; missing for those that the run founded.
        name: Option<&'static str>, "";
        /// Calendar year.
        year: u16, "year";
        /// Home country, ISO 3166-1 alpha-3.
        home: &'static str, "";
        /// Sector.
        sector: &'static str, "";
        /// District within the home country, from 0.
        district: u16, "";
        /// Calendar year of founding; before the start of the simulation for firms older than it.
        founded: i32, "year";
        /// Age at the end of the year.
        age: u16, "years";
        /// Employment.
        employees: f32, "employees";
        /// Sales at home.
        domestic_sales: f32, "US$";
        /// Sales abroad, markets below the reporting threshold included.
        exports: f32, "US$";
        /// Foreign over total sales.
        fsts: f32, "1";
        /// Markets with exports above the reporting threshold.
        markets: u8, "markets";
        /// World regions of these markets.
        regions: u8, "regions";
        /// Herfindahl index of exports over markets; missing without exports.
        herfindahl: Option<f32>, "1";
        /// Entropy of exports between world regions; missing without exports.
        entropy_between: Option<f32>, "nat";
        /// Entropy of exports within world regions; missing without exports.
        entropy_within: Option<f32>, "nat";
        /// Felt distance of the markets served, weighted by sales; missing without exports.
        portfolio_distance: Option<f32>, "1";
        /// Highest stage of any market; missing without a market.
        max_stage: Option<u8>, "";
        /// Whether the firm uses social networking sites.
        sns: bool, "";
        /// Platforms used.
        platforms: u8, "platforms";
        /// Reach: effort beyond the fixed attention of each platform, weighted by audience and suitability.
        reach: f32, "1";
        /// Liquid reserves.
        slack: f32, "quarters of revenue";
        /// Proactivity, 0 to 1.
        proactivity: f32, "1";
        /// Inertia, 0 to 1.
        inertia: f32, "1";
        /// Orientation: non-exporter, passive or proactive.
        orientation: &'static str, "";
        /// Ties across the border, customers and contacts.
        ties: u16, "ties";
        /// Share of these ties that live on a platform; missing without a tie.
        online_share: Option<f32>, "1";
        /// Domestic revenue at birth, or at the start of the burn-in, in the revenue of one employee.
        size_at_birth: f32, "employees";
        /// Proactivity at birth, 0 to 1: what proactivity returns to.
        proactivity_at_birth: f32, "1";
        /// Business skill, 0 to 1.
        business_skill: f32, "1";
        /// Digital skill, 0 to 1.
        digital_skill: f32, "1";
        /// Clarity of objectives in using SNS, 0 to 1.
        objectives: f32, "1";
        /// Psychological barriers, 0 to 1: "too risky", "not for us".
        barrier_psychological: f32, "1";
        /// Organisational barriers, 0 to 1: managers' time, experience, working capital.
        barrier_organisational: f32, "1";
        /// Operational barriers, 0 to 1: paperwork, language, transport, slow payment.
        barrier_operational: f32, "1";
        /// Product and market barriers, 0 to 1: suitability, standards, choice of country.
        barrier_product: f32, "1";
        /// Chance that none of the four barriers keeps the firm from a contact, before what SNS remedy.
        unhindered: f32, "1";
        /// Export appeal: the log factor of its products' quality and productivity on every order from abroad; the firm does not know it.
        appeal: f32, "ln";
        /// What the firm believes its export appeal to be, by the orders it had.
        believed_appeal: f32, "ln";
        /// Contacts pursued so far.
        trials: u16, "contacts";
        /// Of these, how many became customers.
        successes: u16, "contacts";
        /// Contacts abroad that the founders brought, those that barriers kept them from included; none for the first firms.
        founder_contacts: u32, "contacts";
        /// Peers at home known offline.
        peers_offline: u32, "firms";
        /// Peers known through SNS, where both are on them.
        peers_online: u32, "firms";
        /// Irrelevance of the sector for SNS, 0 to 1.
        sector_irrelevance: f32, "1";
        /// Calendar year in which the firm first used a social networking site; missing if never.
        sns_since: Option<i32>, "year";
        /// Share of SNS use that is relational rather than informational; missing without SNS.
        relational_share: Option<f32>, "1";
        /// Production capacity a year.
        capacity: f32, "US$/year";
        /// Whether a critical incident of the last years still raises tolerance of risk.
        awake: bool, "";
        /// Learning advantage of newness: the closer to 1, the younger at first entry; 1 before it.
        learning_advantage: f32, "1";
    }
}

crate::table! {
    /// One row per event in the life of a firm: pursuits, entries, stages, exits, incidents, SNS use, birth and death.
    pub struct Event in "events" {
        /// Replicate, from 0.
        replicate: u32, "";
        /// Quarter since the start of the observed period, from 0.
        quarter: i16, "quarter";
        /// Calendar year.
        year: u16, "year";
        /// Identity of the firm within its replicate.
        firm: i64, "";
        /// Market, ISO 3166-1 alpha-3; missing for events without one.
        market: Option<&'static str>, "";
        /// What happened.
        kind: &'static str, "";
        /// Origin of the contact concerned.
        origin: Option<&'static str>, "";
        /// Why a market was left or a stage given up.
        reason: Option<&'static str>, "";
        /// Felt distance from home before any knowledge or tie; 1 is the mean of all country pairs.
        felt_distance: Option<f32>, "1";
        /// Perceived distance at the time.
        perceived_distance: Option<f32>, "1";
        /// Risk at stake: exposure times uncertainty, where a decision was made.
        risk: Option<f32>, "1";
        /// Tolerable risk of the firm at the time (R*), where a decision was made.
        tolerance: Option<f32>, "1";
        /// Cost of what was done.
        cost: Option<f32>, "US$";
        /// What the firm expected to gain over its horizon.
        gain: Option<f32>, "US$";
        /// Ties of the firm in the market at the time.
        ties_there: Option<u8>, "ties";
        /// Stage before; missing for events without a market.
        stage_from: Option<u8>, "";
        /// Stage after; missing for events without a market.
        stage_to: Option<u8>, "";
        /// Number of the partner within the market.
        partner: Option<u32>, "";
    }
}

crate::table! {
    /// One row per tie across a border at the end of the run.
    pub struct Tie in "ties" {
        /// Replicate, from 0.
        replicate: u32, "";
        /// Identity of the firm within its replicate.
        firm: i64, "";
        /// Number of the partner within the market.
        partner: u32, "";
        /// Market, ISO 3166-1 alpha-3.
        market: &'static str, "";
        /// Channel: offline or online.
        channel: &'static str, "";
        /// Platform of an online tie.
        platform: Option<&'static str>, "";
        /// Contact (nothing done), pursued (followed up) or customer (buys).
        state: &'static str, "";
        /// Where the contact came from.
        origin: &'static str, "";
        /// Trust, 0 to 1.
        trust: f32, "1";
        /// Match quality: log factor on orders.
        match_quality: f32, "1";
        /// Age of the tie.
        age: u16, "quarters";
    }
}

crate::table! {
    /// One row per calendar year and home country: counts, sums and means over its firms.
    pub struct Series in "series" {
        /// Replicate, from 0.
        replicate: u32, "";
        /// Calendar year.
        year: u16, "year";
        /// Home country, ISO 3166-1 alpha-3.
        home: &'static str, "";
        /// Firms at the end of the year.
        firms: u32, "firms";
        /// Firms founded in the year.
        births: u32, "firms";
        /// Firms that failed in the year.
        deaths: u32, "firms";
        /// Employment of all firms.
        employment: f64, "employees";
        /// Share of firms without reserves at the end of the year.
        distress_share: Option<f32>, "1";
        /// Critical incidents.
        incidents: u32, "incidents";
        /// Firms with exports above the reporting threshold.
        exporters: u32, "firms";
        /// Exporters over firms.
        exporter_share: Option<f32>, "1";
        /// Exporters over firms with fewer than 10 employees.
        exporter_share_micro: Option<f32>, "1";
        /// Exporters over firms with 10 to 49 employees.
        exporter_share_small: Option<f32>, "1";
        /// Exporters over firms with 50 to 249 employees.
        exporter_share_medium: Option<f32>, "1";
        /// Exporters of the year that did not export in the year before.
        new_exporters: u32, "firms";
        /// Exporters of the year before that no longer export, failed firms included.
        stopped_exporters: u32, "firms";
        /// Exports of all firms.
        exports: f64, "US$";
        /// Exports over sales of all firms.
        export_share: Option<f32>, "1";
        /// Markets per exporter.
        mean_markets: Option<f32>, "markets";
        /// Share of exporters with one market.
        share_one_market: Option<f32>, "1";
        /// Share of exporters with ten or more markets.
        share_ten_markets: Option<f32>, "1";
        /// Foreign share of sales, mean over exporters.
        mean_fsts: Option<f32>, "1";
        /// Share of exporters with a foreign share of sales below 0.2.
        share_fsts_low: Option<f32>, "1";
        /// Share of exporters with a foreign share of sales above 0.8.
        share_fsts_high: Option<f32>, "1";
        /// Share of firms that use social networking sites.
        sns_share: Option<f32>, "1";
        /// Share of firms with 10 or more employees that use social networking sites.
        sns_share_ten_plus: Option<f32>, "1";
        /// Platforms per firm that uses any.
        mean_platforms: Option<f32>, "platforms";
        /// Reach, mean over the firms that use any platform.
        mean_reach: Option<f32>, "1";
        /// Contacts from search.
        contacts_search: u32, "contacts";
        /// Contacts that came unsolicited.
        contacts_unsolicited: u32, "contacts";
        /// Contacts from social networking sites.
        contacts_sns: u32, "contacts";
        /// Contacts by referral of partners.
        contacts_referral: u32, "contacts";
        /// Contacts by peers at home.
        contacts_peer: u32, "contacts";
        /// Contacts by an agent or subsidiary in the market.
        contacts_agent: u32, "contacts";
        /// Contacts brought by founders.
        contacts_founder: u32, "contacts";
        /// Contacts from support measures.
        contacts_policy: u32, "contacts";
        /// Markets entered by contacts from search.
        entries_search: u32, "entries";
        /// Markets entered by unsolicited contacts.
        entries_unsolicited: u32, "entries";
        /// Markets entered by contacts from social networking sites.
        entries_sns: u32, "entries";
        /// Markets entered by referral.
        entries_referral: u32, "entries";
        /// Markets entered by contacts of peers.
        entries_peer: u32, "entries";
        /// Markets entered by contacts of an agent or subsidiary (after having left).
        entries_agent: u32, "entries";
        /// Markets entered by contacts of founders.
        entries_founder: u32, "entries";
        /// Markets entered by contacts from support measures.
        entries_policy: u32, "entries";
        /// First considerations of a contact that failed because the risk was beyond tolerance.
        refused_risk: u32, "contacts";
        /// First considerations of a contact that failed because the firm could not afford the cost.
        refused_money: u32, "contacts";
        /// First considerations of a contact that failed because the expected gain was below the cost.
        refused_gain: u32, "contacts";
        /// First considerations of a contact that failed because of a barrier.
        refused_barrier: u32, "contacts";
        /// Contacts that became customers.
        deals: u32, "ties";
        /// Orders that could not be filled in full for want of capacity.
        lost_orders: u32, "orders";
        /// Customers abroad at the end of the year.
        customers: u32, "ties";
        /// Ties across the border at the end of the year, customers and contacts.
        ties: u32, "ties";
        /// Share of these ties that live on a platform.
        online_tie_share: Option<f32>, "1";
        /// Trust, mean over ties.
        mean_trust: Option<f32>, "1";
        /// Knowledge, mean over markets served.
        mean_knowledge: Option<f32>, "1";
        /// Perceived over felt distance of the markets served: the sum of one over the sum of the other.
        mean_nearing: Option<f32>, "1";
        /// Market relations at stage 1 (agent).
        stage_1: u32, "markets";
        /// Market relations at stage 2 (sales subsidiary).
        stage_2: u32, "markets";
        /// Market relations at stage 3 (production).
        stage_3: u32, "markets";
        /// Steps up in stage.
        stage_ups: u32, "steps";
        /// Steps down in stage.
        stage_downs: u32, "steps";
        /// Markets left.
        market_exits: u32, "exits";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::Kind;

    #[test]
    fn every_column_says_what_it_is_and_none_twice() {
        let tables = tables();
        for table in &tables {
            assert!(table.about.ends_with('.'), "{}", table.name);
            assert_eq!(
                table.columns[0].name, "replicate",
                "{}: parts of many replicates are read together",
                table.name
            );
            let mut names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
            for column in &table.columns {
                assert!(column.meaning.ends_with('.'), "{}.{}", table.name, column.name);
                assert!(
                    !column.kind.is_fraction() || !column.unit.is_empty(),
                    "{}.{} has no unit",
                    table.name,
                    column.name
                );
            }
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        }
        let mut names: Vec<_> = tables.iter().map(|table| table.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), tables.len());
    }

    #[test]
    fn a_table_of_firms_has_both_keys_of_one_type() {
        let all = [tables(), crate::report::comparison::declarations(), crate::report::graph::declared()].concat();
        let mut keyed = 0;
        for table in all {
            let key = |name| table.columns.iter().find(|column| column.name == name).map(|column| column.kind);
            if key("firm").is_some() {
                assert_eq!([key("replicate"), key("firm")], [Some(Kind::I64); 2], "{}", table.name);
                keyed += 1;
            }
        }
        assert_eq!(keyed, 7, "trajectories, firms, panel, events, ties, twins and nodes of graphs");
    }
}
