//! The social network around the best connected exporters: who is tied to whom, offline and online.
//!
//! Positions come from the spring model of Fruchterman & Reingold (1991), *Softw. Pract. Exp.* 21(11), 1129–1164,
//! started from a spiral sorted by group, so that the same network is always drawn the same way.

use plotters::style::{Color, RGBColor};

use super::Picture;
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Point, Sheet, distance};
use super::style::{BLUE, INK, Marker, Stroke, VERMILLION, WHITE, count, fill, several, size};
use crate::number::f64s;

pub const STEM: &str = "network";
pub const ABOUT: &str = "The social network of the best connected exporters";

/// Nodes and ties beyond which a drawing says nothing any more.
const MOST_NODES: usize = 140;
const MOST_TIES: usize = 320;
/// Groups with a colour of their own; the others are grey.
const MOST_GROUPS: usize = 6;
const ROUNDS: usize = 300;
/// Pull to the middle per unit of distance; with it n nodes without ties would fill a disc of radius 1/√4.
const PULL: f64 = 4.0;
const LEGEND: f64 = 178.0;
/// Size of the letters that name partners.
const PARTNER_NAME: f64 = 9.5;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    #[default]
    Firm,
    /// A contact abroad: customer, distributor, supplier.
    Partner,
}

/// A firm or a partner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    pub label: String,
    pub kind: NodeKind,
    /// Country or region.
    pub group: String,
    /// What the area of the symbol shows and who is drawn first, such as foreign sales; not negative.
    pub size: f64,
    /// Uses social networking sites.
    pub online: bool,
    /// One of those the network is drawn around; these are named first.
    pub best: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// Cross-border, kept face to face.
    Offline,
    /// Cross-border, kept through a social network site.
    Online,
    /// Between firms, always.
    Peer,
    /// Between firms, while both use social networking sites.
    PeerOnline,
}

/// A network; what is beyond a legible drawing is left out, the smallest nodes first, and counted in the subtitle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub nodes: Vec<Node>,
    /// Positions of two nodes in `nodes`, and the kind of their tie.
    pub edges: Vec<(usize, usize, Tie)>,
    /// What the size of a node is, such as "foreign sales".
    pub measure: String,
}

/// The part of a network that is drawn, with positions renumbered.
struct Shown<'a> {
    nodes: Vec<&'a Node>,
    edges: Vec<(usize, usize, Tie)>,
    /// Groups with a colour, the largest first.
    groups: Vec<&'a str>,
}

fn weight(node: &Node) -> f64 {
    if node.size.is_finite() { node.size.max(0.0) } else { 0.0 }
}

impl Input {
    /// The ties between two different nodes that exist.
    fn ties(&self) -> Vec<(usize, usize, Tie)> {
        let n = self.nodes.len();
        let mut ties: Vec<_> = self.edges.iter().copied().filter(|&(a, b, _)| a != b && a < n && b < n).collect();
        ties.sort_unstable_by_key(|&(a, b, tie)| (a.min(b), a.max(b), tie));
        ties.dedup_by_key(|&mut (a, b, tie)| (a.min(b), a.max(b), tie));
        ties
    }

    /// Largest nodes that have ties, and among them the ties of the largest.
    fn shown(&self) -> Shown<'_> {
        let ties = self.ties();
        let mut tied = vec![false; self.nodes.len()];
        for &(a, b, _) in &ties {
            (tied[a], tied[b]) = (true, true);
        }
        let mut chosen: Vec<usize> = (0..self.nodes.len()).filter(|&i| tied[i]).collect();
        chosen.sort_by(|&a, &b| weight(&self.nodes[b]).total_cmp(&weight(&self.nodes[a])).then(a.cmp(&b)));
        chosen.truncate(MOST_NODES);
        let mut place = vec![None; self.nodes.len()];
        for (new, &old) in chosen.iter().enumerate() {
            place[old] = Some(new);
        }
        // Nodes stand in order of size, so the ties of the largest come first.
        let both = ties.into_iter().filter_map(|(a, b, tie)| Some((place[a]?, place[b]?, tie)));
        let mut edges: Vec<_> = both.map(|(a, b, tie)| (a.min(b), a.max(b), tie)).collect();
        edges.sort_unstable_by_key(|&(a, b, tie)| (a + b, a, tie));
        edges.truncate(MOST_TIES);
        self.without_lonely(&chosen, edges)
    }

    /// Drops nodes whose ties were all left out.
    fn without_lonely(&self, chosen: &[usize], edges: Vec<(usize, usize, Tie)>) -> Shown<'_> {
        let mut place = vec![None; chosen.len()];
        let mut nodes = Vec::new();
        for (new, &old) in chosen.iter().enumerate() {
            if edges.iter().any(|edge| edge.0 == new || edge.1 == new) {
                place[new] = Some(nodes.len());
                nodes.push(&self.nodes[old]);
            }
        }
        let edges = edges.into_iter().filter_map(|(a, b, tie)| Some((place[a]?, place[b]?, tie))).collect();
        let groups = largest_groups(&nodes);
        Shown { nodes, edges, groups }
    }
}

fn largest_groups<'a>(nodes: &[&'a Node]) -> Vec<&'a str> {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for node in nodes {
        match counted.iter_mut().find(|(group, _)| *group == node.group) {
            Some(entry) => entry.1 += 1,
            None => counted.push((&node.group, 1)),
        }
    }
    counted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    counted.into_iter().take(MOST_GROUPS).map(|(group, _)| group).collect()
}

impl Shown<'_> {
    fn colour(&self, node: &Node) -> RGBColor {
        // The grey of the palette is kept for the groups without a colour of their own.
        self.groups.iter().position(|group| *group == node.group).map_or(fill(7), fill)
    }

    fn radius(&self, node: &Node) -> f64 {
        let most = self.nodes.iter().map(|node| weight(node)).fold(0.0, f64::max);
        let share = if most > 0.0 { weight(node) / most } else { 0.0 };
        3.2 + 8.8 * share.sqrt()
    }

    /// How far the symbol of a node reaches, with the ring of those online.
    fn reach(&self, node: &Node) -> f64 {
        let corner = if node.kind == NodeKind::Partner { 1.15 } else { 1.0 };
        corner * (self.radius(node) + if node.online { 3.4 } else { 0.9 })
    }

    fn degrees(&self) -> Vec<usize> {
        let mut degrees = vec![0; self.nodes.len()];
        for &(a, b, _) in &self.edges {
            degrees[a] += 1;
            degrees[b] += 1;
        }
        degrees
    }

    /// Places in the unit square.
    fn layout(&self) -> Vec<Point> {
        let n = self.nodes.len();
        let spring = (1.0 / n as f64).sqrt();
        let mut places = self.spiral();
        for round in 0..ROUNDS {
            let heat = 0.1 * (1.0 - round as f64 / ROUNDS as f64);
            let pushes = self.pushes(&places, spring);
            for (place, push) in places.iter_mut().zip(pushes) {
                let long = distance(push, (0.0, 0.0)).max(1e-12);
                let step = long.min(heat) / long;
                *place = (place.0 + push.0 * step, place.1 + push.1 * step);
            }
        }
        places
    }

    /// A sunflower spiral from the middle, in order of group and size.
    fn spiral(&self) -> Vec<Point> {
        let n = self.nodes.len();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| self.nodes[a].group.cmp(&self.nodes[b].group).then(a.cmp(&b)));
        let mut places = vec![(0.0, 0.0); n];
        for (rank, &node) in order.iter().enumerate() {
            let turn = 2.399_963_229_728_653 * rank as f64;
            let far = 0.5 * ((rank as f64 + 0.5) / n as f64).sqrt();
            places[node] = (0.5 + far * f64s::cos(turn), 0.5 + far * f64s::sin(turn));
        }
        places
    }

    /// Repulsion k²/d between all, attraction d²/k along ties, and a weak pull to the middle that keeps parts without
    /// a tie between them on the page.
    fn pushes(&self, places: &[Point], spring: f64) -> Vec<Point> {
        let mut pushes: Vec<Point> = places.iter().map(|at| (PULL * (0.5 - at.0), PULL * (0.5 - at.1))).collect();
        let mut shove = |a: usize, b: usize, force: f64| {
            let (dx, dy) = (places[a].0 - places[b].0, places[a].1 - places[b].1);
            pushes[a] = (pushes[a].0 + dx * force, pushes[a].1 + dy * force);
            pushes[b] = (pushes[b].0 - dx * force, pushes[b].1 - dy * force);
        };
        for a in 0..places.len() {
            for b in 0..a {
                let apart = distance(places[a], places[b]).max(1e-3);
                shove(a, b, spring * spring / (apart * apart));
            }
        }
        for &(a, b, _) in &self.edges {
            shove(a, b, -distance(places[a], places[b]) / spring);
        }
        pushes
    }
}

/// Stretches places to fill a frame; a single place, or a row of them, goes to the middle.
fn stretch(places: &[Point], frame: Frame) -> Vec<Point> {
    let range = |part: fn(&Point) -> f64| super::axis::span(places.iter().map(part)).unwrap_or((0.0, 0.0));
    let (x, y) = (range(|at| at.0), range(|at| at.1));
    let to = |value: f64, range: (f64, f64), start: f64, end: f64| {
        let share = if range.1 - range.0 > 1e-9 { (value - range.0) / (range.1 - range.0) } else { 0.5 };
        start + share * (end - start)
    };
    let place = |at: &Point| (to(at.0, x, frame.left, frame.right), to(at.1, y, frame.top, frame.bottom));
    places.iter().map(place).collect()
}

/// Moves symbols apart until they no longer lie on each other, within the frame.
fn separate(places: &mut [Point], radii: &[f64], frame: Frame) {
    for _ in 0..60 {
        for a in 0..places.len() {
            for b in 0..a {
                let apart = distance(places[a], places[b]);
                let lack = radii[a] + radii[b] + 2.5 - apart;
                if lack > 0.0 {
                    let (dx, dy) = (places[a].0 - places[b].0, places[a].1 - places[b].1);
                    // Two in one place part sideways.
                    let (dx, dy) = if apart > 1e-6 { (dx / apart, dy / apart) } else { (1.0, 0.0) };
                    places[a] = (places[a].0 + 0.5 * lack * dx, places[a].1 + 0.5 * lack * dy);
                    places[b] = (places[b].0 - 0.5 * lack * dx, places[b].1 - 0.5 * lack * dy);
                }
            }
        }
        for place in places.iter_mut() {
            *place = (place.0.clamp(frame.left, frame.right), place.1.clamp(frame.top, frame.bottom));
        }
    }
}

fn stroke(tie: Tie) -> Stroke {
    match tie {
        Tie::Offline => Stroke::solid(INK.mix(0.55), 1.1),
        Tie::Online => Stroke::dashed(BLUE.mix(0.85), 1.3),
        Tie::Peer => Stroke { dash: &[1.6, 2.4], ..Stroke::solid(VERMILLION.mix(0.8), 1.1) },
        Tie::PeerOnline => Stroke { dash: &[1.6, 2.4], ..Stroke::solid(BLUE.mix(0.8), 1.1) },
    }
}

fn marker(kind: NodeKind) -> Marker {
    match kind {
        NodeKind::Firm => Marker::Disc,
        NodeKind::Partner => Marker::Diamond,
    }
}

/// A node: those online have a ring around them.
fn symbol(sheet: &mut Sheet, at: Point, kind: NodeKind, online: bool, radius: f64, colour: RGBColor) {
    let shape = marker(kind);
    if online {
        sheet.shape(at, shape, radius + 3.4, INK);
        sheet.shape(at, shape, radius + 2.2, WHITE);
    }
    sheet.shape(at, shape, radius + 0.9, INK);
    sheet.shape(at, shape, radius, colour);
}

impl Picture for Input {
    fn stem(&self) -> &str {
        STEM
    }

    fn about(&self) -> &str {
        ABOUT
    }

    fn lack(&self) -> Option<String> {
        self.ties().is_empty().then(|| "no exporter with customers to draw the network around".to_owned())
    }

    fn title(&self) -> String {
        let ties = self.ties();
        let abroad = ties.iter().filter(|edge| matches!(edge.2, Tie::Offline | Tie::Online)).count();
        let online = ties.iter().filter(|edge| edge.2 == Tie::Online).count();
        let hubs = self.nodes.iter().filter(|node| node.best).count() as u64;
        let who = match hubs {
            0 | 1 => "the best connected exporter".to_owned(),
            hubs => format!("the {} best connected exporters", count(hubs)),
        };
        format!(
            "Around {who}, a selection: {} of the {} drawn {} online",
            if online == 0 { "none".to_owned() } else { count(online as u64) },
            several(abroad as u64, "tie abroad", "ties abroad"),
            if online == 1 { "is" } else { "are" },
        )
    }

    fn subtitle(&self) -> String {
        let shown = self.shown();
        let (nodes, ties) = (self.nodes.len(), self.ties().len());
        let part = |shown: usize, all: usize, one: &str, many: &str| {
            let all_in_words = several(all as u64, one, many);
            if shown == all { all_in_words } else { format!("{} of {all_in_words}", count(shown as u64)) }
        };
        let all = format!(
            "{} and {}",
            part(shown.nodes.len(), nodes, "node", "nodes"),
            part(shown.edges.len(), ties, "tie", "ties"),
        );
        let order = if shown.nodes.len() < nodes || shown.edges.len() < ties { ", the largest first" } else { "" };
        let measure = if self.measure.is_empty() { "size" } else { &self.measure };
        format!("{all}{order}; area of a firm: {measure}")
    }

    fn alt(&self) -> String {
        let ties = self.ties();
        let number = |kind: Tie| count(ties.iter().filter(|edge| edge.2 == kind).count() as u64);
        let firms = self.nodes.iter().filter(|node| node.kind == NodeKind::Firm).count() as u64;
        let partners = self.nodes.len() as u64 - firms;
        let shown = self.shown();
        let degrees = shown.degrees();
        let best = (0..degrees.len()).max_by_key(|&i| (degrees[i], std::cmp::Reverse(i))).unwrap_or(0);
        format!(
            "Network of {} and {} with {} offline and {} online ties across borders, {} offline and {} online ties between \
             peers. The best connected in the drawing is {} with {}.",
            several(firms, "firm", "firms"),
            several(partners, "partner", "partners"),
            number(Tie::Offline),
            number(Tie::Online),
            number(Tie::Peer),
            number(Tie::PeerOnline),
            shown.nodes[best].label,
            several(degrees[best] as u64, "tie", "ties"),
        )
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 720.0)
    }

    fn data(&self) -> Data {
        let columns =
            ["from", "to", "tie", "from_kind", "from_group", "from_size", "from_uses_sns", "to_kind", "to_group"];
        let mut data = Data::new(&columns);
        let shown = self.shown();
        let kind = |node: &Node| if node.kind == NodeKind::Firm { "firm" } else { "partner abroad" };
        // Partners of one country have one name: a node is told by its place too.
        let name = |i: usize| format!("{} #{}", shown.nodes[i].label, i + 1);
        for &(a, b, tie) in &shown.edges {
            let (from, to) = (shown.nodes[a], shown.nodes[b]);
            let tie = match tie {
                Tie::Offline => "offline, abroad",
                Tie::Online => "online, abroad",
                Tie::Peer => "peers",
                Tie::PeerOnline => "peers through SNS",
            };
            let (one, other) = (name(a), name(b));
            data.row(&[&one, &other, &tie, &kind(from), &from.group, &from.size, &from.online, &kind(to), &to.group]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let page = room.inset(0.0, 0.0, LEGEND, 0.0);
        // A handful of nodes stays near the middle.
        let slack = 0.35 * (1.0 - shown.nodes.len() as f64 / 16.0).max(0.0);
        let (aside, above) = (22.0 + slack * page.wide(), 18.0 + slack * page.high());
        let frame = page.inset(aside, above, aside, above);
        let mut places = stretch(&shown.layout(), frame);
        let radii: Vec<f64> = shown.nodes.iter().map(|node| shown.reach(node)).collect();
        separate(&mut places, &radii, frame);
        for kind in [Tie::Peer, Tie::PeerOnline, Tie::Offline, Tie::Online] {
            for &(a, b, _) in shown.edges.iter().filter(|edge| edge.2 == kind) {
                sheet.line([places[a], places[b]], stroke(kind));
            }
        }
        // The small ones last, so that none is hidden.
        for (node, &place) in shown.nodes.iter().zip(&places) {
            symbol(sheet, place, node.kind, node.online, shown.radius(node), shown.colour(node));
        }
        legend(sheet, &shown, Frame { left: page.right + 16.0, ..room });
        name(sheet, &shown, &places, page);
    }
}

/// Names the firms the network is drawn around, then partners by their country, where there is room.
fn name(sheet: &mut Sheet, shown: &Shown, places: &[Point], page: Frame) {
    let reach = |i: usize| shown.reach(shown.nodes[i]);
    let around = |i: usize| Frame::around(places[i], reach(i), reach(i));
    let obstacles: Vec<Frame> = (0..places.len()).map(around).collect();
    for i in (0..places.len()).filter(|&i| shown.nodes[i].best) {
        sheet.tag(&shown.nodes[i].label, places[i], reach(i), size::NOTE, page, &obstacles);
    }
    for i in (0..places.len()).filter(|&i| shown.nodes[i].kind == NodeKind::Partner) {
        sheet.tag(&shown.nodes[i].label, places[i], reach(i) - 2.0, PARTNER_NAME, page, &obstacles);
    }
}

fn legend(sheet: &mut Sheet, shown: &Shown, room: Frame) {
    let mut y = room.top + 10.0;
    let (key, text) = (room.left + 12.0, room.left + 34.0);
    let write = |sheet: &mut Sheet, label: &str, y: f64| {
        let label = font::fit(&font::clean(label), size::TICK, room.right - text);
        sheet.beside(&label, (text, y), size::TICK, INK, Anchor::Start);
    };
    let kinds = [
        (NodeKind::Firm, false, "firm"),
        (NodeKind::Partner, false, "partner abroad"),
        (NodeKind::Firm, true, "firm using SNS"),
    ];
    for (kind, online, label) in kinds {
        symbol(sheet, (key, y), kind, online, 5.0, fill(7));
        write(sheet, label, y);
        y += 21.0;
    }
    y += 8.0;
    for (tie, label) in [
        (Tie::Offline, "offline tie abroad"),
        (Tie::Online, "online tie abroad"),
        (Tie::Peer, "peers"),
        (Tie::PeerOnline, "peers through SNS"),
    ] {
        sheet.line([(key - 12.0, y), (key + 14.0, y)], Stroke { width: 1.8, ..stroke(tie) });
        write(sheet, label, y);
        y += 21.0;
    }
    y += 8.0;
    for (i, group) in shown.groups.iter().enumerate() {
        symbol(sheet, (key, y), NodeKind::Firm, false, 5.0, fill(i));
        write(sheet, if group.is_empty() { "no group" } else { group }, y);
        y += 21.0;
    }
    if shown.nodes.iter().any(|node| !shown.groups.contains(&node.group.as_str())) {
        symbol(sheet, (key, y), NodeKind::Firm, false, 5.0, fill(7));
        write(sheet, "others", y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tied_nodes_lie_nearer_than_others() {
        // Two cliques of five joined by one tie.
        let nodes = vec![Node { size: 1.0, ..Node::default() }; 10];
        let mut edges = vec![(0, 5, Tie::Peer)];
        for half in [0, 5] {
            for a in half..half + 5 {
                edges.extend((half..a).map(|b| (a, b, Tie::Offline)));
            }
        }
        let input = Input { nodes, edges, measure: String::new() };
        let shown = input.shown();
        let places = shown.layout();
        let mean = |same: bool| {
            let pairs = (0..10).flat_map(|a| (0..a).map(move |b| (a, b))).filter(|(a, b)| (a / 5 == b / 5) == same);
            let apart: Vec<f64> = pairs.map(|(a, b)| distance(places[a], places[b])).collect();
            apart.iter().sum::<f64>() / apart.len() as f64
        };
        assert!(mean(true) < 0.6 * mean(false), "{} {}", mean(true), mean(false));
    }

    #[test]
    fn no_hairball_is_drawn() {
        let nodes: Vec<_> = (0..900).map(|i| Node { size: f64::from(i), ..Node::default() }).collect();
        let edges = (0..9000).map(|i| (i * 7 % 900, i * 13 % 900, Tie::Online)).collect();
        let input = Input { nodes, edges, measure: String::new() };
        let shown = input.shown();
        assert!(shown.nodes.len() <= MOST_NODES && shown.edges.len() <= MOST_TIES);
        assert!(shown.edges.iter().all(|edge| edge.0 < shown.nodes.len() && edge.1 < shown.nodes.len()));
    }
}
