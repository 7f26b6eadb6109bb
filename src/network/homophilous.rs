//! Homophilous: firms know firms of their district, of their sector and of their size, and a few know very many.
//!
//! Ties between similar people form more often and last longer, and space is the first sorter. Here each slot has
//! `offline_district` peers in its district and `offline_country` elsewhere in the country on average, drawn by
//! sociability and accepted by likeness (the equation stands in `meeting.rs`). What a district is too small to hold is
//! sought elsewhere in the country, so the mean degree is the one asked for.
//!
//! **Predicts** that neighbours share sectors, sizes and districts more than strangers do, and that degrees have a
//! heavy tail with a bound; see `like_meets_like` and `degrees_are_heavy_tailed_and_bounded`.
//!
//! **Bound.** No place has more than `degree_largest` offline ties, nor more than that many online.
//!
//! McPherson, Smith-Lovin & Cook (2001), *Annu. Rev. Sociol.* 27, 415–444.

use super::NetworkSettings;
use super::field::Field;
use super::growth::{Growth, Question};
use super::meeting::{Meeting, Scope};

/// Grows the offline ties within each home.
pub(super) fn grow(settings: &NetworkSettings, field: &Field, meeting: &Meeting) -> Growth {
    let nodes = field.members.len();
    let mut growth = Growth::new(nodes);
    growth.edges.reserve((0.5 * settings.offline() * nodes as f64 * 1.02) as usize);
    // A country of one district has no elsewhere: all its ties are made in the second pass.
    let divided = |slot: u32| field.home(slot).blocks.len() > 1;
    let mut unmet = vec![0; nodes];
    let near = |slot| if divided(slot) { meeting.made(slot, Question::District, settings.offline_district) } else { 0 };
    meeting.pass(
        &mut growth,
        0..nodes,
        (Scope::District, Question::District),
        near,
        |_, _| false,
        |slot| {
            unmet[slot as usize] += 1;
        },
    );
    let far = |slot: u32| {
        let mean = if divided(slot) { settings.offline_country } else { settings.offline() };
        meeting.made(slot, Question::Elsewhere, mean) + unmet[slot as usize]
    };
    growth.begin_pass();
    meeting.pass(&mut growth, 0..nodes, (Scope::Elsewhere, Question::Elsewhere), far, |_, _| false, |_| {});
    growth
}

#[cfg(test)]
mod tests {
    use super::super::statistic::{assortativity, assortativity_by, degree_counts};
    use super::super::tests::{country, grown};
    use super::*;

    #[test]
    fn the_mean_degree_is_the_one_asked_for() {
        let settings = NetworkSettings::default();
        for (slots, districts) in [(70_000, 40), (2_000, 1), (300, 100)] {
            let graph = grown(&settings, &country(slots, districts), 1).offline;
            let mean = 2.0 * graph.ties() as f64 / slots as f64;
            assert!((mean - 5.0).abs() < 0.15, "{slots} places in {districts} districts have {mean} peers");
        }
    }

    #[test]
    fn four_ties_of_five_stay_in_the_district() {
        let nodes = country(20_000, 40);
        let graph = grown(&NetworkSettings::default(), &nodes, 2).offline;
        let near = graph.edges().filter(|&(a, b)| nodes[a as usize].district == nodes[b as usize].district).count();
        // Standard error of a share of 50,000 ties: 0.002.
        assert!((near as f64 / graph.ties() as f64 - 0.8).abs() < 0.01);
    }

    #[test]
    fn like_meets_like() {
        let nodes = country(20_000, 40);
        let sector = |i: u32| nodes[i as usize].sector;
        let size = |i: u32| f64::from(nodes[i as usize].size);
        let fond = grown(&NetworkSettings { degree_size: 0.0, ..NetworkSettings::default() }, &nodes, 3).offline;
        assert!(assortativity(&fond, sector).unwrap() > 0.1);
        assert!(assortativity_by(&fond, size).unwrap() > 0.05);
        let blind = NetworkSettings {
            homophily_sector: 0.0,
            homophily_size: 0.0,
            degree_size: 0.0,
            ..NetworkSettings::default()
        };
        let blind = grown(&blind, &nodes, 3).offline;
        // Without homophily both are noise around zero: standard error near 1/√ties = 0.0045.
        assert!(assortativity(&blind, sector).unwrap().abs() < 0.02);
        assert!(assortativity_by(&blind, size).unwrap().abs() < 0.02);
    }

    #[test]
    fn degrees_are_heavy_tailed_and_bounded() {
        let settings = NetworkSettings { degree_tail: 2.2, degree_largest: 60, ..NetworkSettings::default() };
        let graph = grown(&settings, &country(20_000, 40), 4);
        // A Poisson degree of mean 5 passes 24 in one place of ten thousand million, one of mean 2 passes 9 in one of
        // 20,000.
        for (graph, many) in [(&graph.offline, 25), (&graph.online, 10)] {
            let counts = degree_counts(graph);
            assert!(counts.len() <= 61, "the largest degree is {}", counts.len() - 1);
            let beyond: u64 = counts.iter().skip(many).sum();
            assert!(beyond > 100, "only {beyond} places have {many} peers or more");
        }
        // Where the bound bites it still holds.
        let tight = NetworkSettings { degree_tail: 2.2, degree_largest: 10, ..NetworkSettings::default() };
        assert_eq!(degree_counts(&grown(&tight, &country(20_000, 40), 4).offline).len(), 11);
    }

    #[test]
    fn places_of_a_home_too_small_for_its_ties_know_everyone() {
        let settings = NetworkSettings { offline_district: 30.0, ..NetworkSettings::default() };
        let graph = grown(&settings, &country(3, 3), 1).offline;
        assert_eq!(graph.edges().collect::<Vec<_>>(), [(0, 1), (0, 2), (1, 2)]);
        assert_eq!(grown(&NetworkSettings::default(), &country(1, 1), 1).offline.ties(), 0);
    }
}
